import type { Hex } from '@souk/protocol'
import { decodeErrorResult } from 'viem/utils'
import { ChainError } from './errors.ts'
import { courtAbi } from './generated/court.ts'
import { devTokenAbi } from './generated/devToken.ts'
import { escrowAbi } from './generated/escrow.ts'

/** A contract's error by its name and named arguments. */
export interface Revert {
  /** The Solidity name, `Error` or `Panic`, or `unknown` with the bytes in `args.data`. */
  readonly error: string
  readonly args: Readonly<Record<string, unknown>>
}

const ERRORS = [...escrowAbi, ...courtAbi, ...devTokenAbi].filter((item) => item.type === 'error')

/** Decodes the bytes a contract reverted with; addresses and digests in lower case. */
export function decodeRevert(data: string | null): Revert {
  try {
    const { abiItem, args, errorName } = decodeErrorResult({ abi: ERRORS, data: (data ?? '0x') as Hex })
    const inputs = 'inputs' in abiItem ? abiItem.inputs : []
    const values: readonly unknown[] = args ?? []
    return {
      error: errorName,
      args: Object.fromEntries(inputs.map((input, i) => [input.name || `${i}`, plain(values[i])])),
    }
  } catch {
    return { error: 'unknown', args: { data: data ?? '0x' } }
  }
}

/** Makes the typed error of a call that a contract refused, before (`hash` null) or after it was mined. */
export function revertedError(purpose: string, { error, args }: Revert, hash: Hex | null): ChainError {
  const facts = Object.entries(args).map(([name, value]) => `${name} ${String(value)}`)
  return new ChainError(
    `${purpose}: expected the contract to accept the call, it refused with ${error}(${facts.join(', ')})` +
      (hash === null ? '; nothing was sent' : `; transaction ${hash}`),
    { code: 'CONTRACT_REVERTED', purpose, error, args, hash },
  )
}

function plain(value: unknown): unknown {
  return typeof value === 'string' && value.startsWith('0x') ? value.toLowerCase() : value
}
