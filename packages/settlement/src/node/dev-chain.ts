import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { Hex } from '@souk/protocol'
import { untilAvailable } from '../pause.ts'
import { createRpc, type Rpc } from '../rpc.ts'
import { anvilBinary } from './anvil-binary.ts'
import { DevChainError } from './dev-chain-error.ts'
import type { GuardReport } from './dev-chain-guard.ts'

export interface DevChainOptions {
  /** Loopback port; a free one by default. */
  readonly port?: number
  /** Seconds between blocks, fractions allowed; 0 mines one block for each transaction instead. */
  readonly blockSeconds: number
  readonly chainId?: number
  /** File that takes anvil's own log. */
  readonly logFile?: string
  /** File from which the chain's state is read, where it exists, and into which it is written at the end. */
  readonly stateFile?: string
  readonly signal?: AbortSignal
}

/** A chain of one's own on loopback, which dies with the process that started it. */
export interface DevChain {
  readonly rpcUrl: string
  readonly chainId: number
  /** Process id of the chain itself. */
  readonly pid: number
  /** Private keys of accounts that hold native coins. Everybody knows them. */
  readonly richKeys: readonly Uint8Array[]
  /** Resolves when the chain has ended, for whatever reason. */
  readonly exited: Promise<void>
  /** Any call, also of anvil's own `anvil_…` and `evm_…` methods. */
  request(method: string, params?: readonly unknown[]): Promise<unknown>
  /** Mines `blocks` at once, moving the chain's clock ahead by `secondsEach` for each. */
  mine(blocks: number, secondsEach?: number): Promise<void>
  /** Mines a block every `seconds` (whole ones) from now on; 0 stops that. */
  setInterval(seconds: number): Promise<void>
  /** Mines a block for each transaction, or waits for {@link DevChain.mine} or the interval. */
  setAutomine(on: boolean): Promise<void>
  /** Ends the chain; resolves when its process is gone. May be called again. */
  stop(): Promise<void>
}

export const DEV_CHAIN_ID = 31_337
/** Milliseconds from start to first answer; 100 to 200 on an idle machine. */
const START_MS = 30_000
/** The mnemonic that every Ethereum development tool knows, and how many of its accounts anvil makes rich. */
const DEV_MNEMONIC = 'test test test test test test test test test test test junk'
const RICH_ACCOUNTS = 10

type Guard = ChildProcessByStdio<Writable, Readable, null>

/**
 * Starts anvil on loopback and waits until it answers.
 *
 * Throws {@link DevChainError} `NO_ANVIL`, `PORT_IN_USE` or `START_FAILED`.
 */
export async function startDevChain(options: DevChainOptions): Promise<DevChain> {
  const { chainId = DEV_CHAIN_ID } = options
  const guard = spawnGuard(anvilBinary(), options, chainId)
  const exited = once(guard, 'close').then(() => {})
  try {
    const { port, pid } = await listening(guard, options)
    guard.once('exit', (_code, killedBy) => killedBy !== null && killChain(pid))
    const rpcUrl = `http://127.0.0.1:${port}`
    const rpc = createRpc({ urls: [rpcUrl], chainId })
    await untilAvailable(() => rpc.request('eth_blockNumber', []), startSignal(options.signal))
    const stop = () => stopGuard(guard, exited)
    return { rpcUrl, chainId, pid, richKeys: await richKeys(), exited, stop, ...controls(rpc) }
  } catch (error) {
    await stopGuard(guard, exited)
    throw error
  }
}

function spawnGuard(binary: string, options: DevChainOptions, chainId: number): Guard {
  const script = fileURLToPath(new URL('./dev-chain-guard.ts', import.meta.url))
  const args = [script, binary, options.logFile ?? '', ...anvilArguments(options, chainId)]
  return spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'ignore'], detached: true })
}

function anvilArguments(options: DevChainOptions, chainId: number): string[] {
  const { port = 0, blockSeconds, stateFile } = options
  const always = [
    '--host',
    '127.0.0.1',
    '--port',
    `${port}`,
    '--chain-id',
    `${chainId}`,
    '--hardfork',
    'prague',
  ]
  const mining = blockSeconds > 0 ? ['--block-time', `${blockSeconds}`] : []
  const state = stateFile === undefined ? [] : ['--state', stateFile, '--preserve-historical-states']
  return [...always, '--accounts', `${RICH_ACCOUNTS}`, '--mnemonic', DEV_MNEMONIC, ...mining, ...state]
}

async function listening(guard: Guard, { port = 0, signal }: DevChainOptions) {
  const report = await firstReport(guard, startSignal(signal))
  if ('listening' in report) return report.listening
  const { failed } = report
  if (port !== 0 && /in use/i.test(failed)) {
    throw new DevChainError(
      `expected port ${port} of loopback to be free for the development chain, another program listens there; ` +
        'choose another port or leave it out',
      { code: 'PORT_IN_USE', port },
    )
  }
  throw startFailed(failed)
}

async function firstReport(guard: Guard, signal: AbortSignal): Promise<GuardReport> {
  const lines = createInterface(guard.stdout)
  try {
    const [line] = await Promise.race([once(lines, 'line', { signal }), once(guard, 'close', { signal })])
    return typeof line === 'string'
      ? (JSON.parse(line) as GuardReport)
      : { failed: 'its guard process ended' }
  } finally {
    lines.close()
    guard.stdout.resume()
  }
}

function startSignal(signal: AbortSignal | undefined): AbortSignal {
  const limit = AbortSignal.timeout(START_MS)
  return signal === undefined ? limit : AbortSignal.any([signal, limit])
}

/** Does the guard's work when the guard itself was killed. */
function killChain(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended already.
  }
}

async function stopGuard(guard: Guard, exited: Promise<void>): Promise<void> {
  guard.stdin.on('error', () => {})
  guard.stdin.end()
  await exited
}

async function richKeys(): Promise<Uint8Array[]> {
  // Loaded here alone: the word lists of mnemonics have no place in a daemon's memory.
  const { mnemonicToAccount } = await import('viem/accounts')
  return Array.from({ length: RICH_ACCOUNTS }, (_, addressIndex) => {
    const key = mnemonicToAccount(DEV_MNEMONIC, { addressIndex }).getHdKey().privateKey
    if (key === null) throw startFailed('a known account without a key')
    return key
  })
}

function controls(rpc: Rpc): Pick<DevChain, 'request' | 'mine' | 'setInterval' | 'setAutomine'> {
  const request = (method: string, params: readonly unknown[] = []) => rpc.request(method, params)
  return {
    request,
    async mine(blocks, secondsEach = 0) {
      await request('anvil_mine', [hexNumber(blocks), hexNumber(secondsEach)])
    },
    async setInterval(seconds) {
      await request('evm_setIntervalMining', [seconds])
    },
    async setAutomine(on) {
      await request('evm_setAutomine', [on])
    },
  }
}

function hexNumber(value: number): Hex {
  return `0x${value.toString(16)}`
}

function startFailed(reason: string): DevChainError {
  return new DevChainError(`expected the development chain to start, it said: ${reason}`, {
    code: 'START_FAILED',
    reason,
  })
}
