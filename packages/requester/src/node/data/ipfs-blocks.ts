import { createHash } from 'node:crypto'
import { errorMessage } from '@souk/protocol'
import type { CID } from 'multiformats/cid'
import { identity } from 'multiformats/hashes/identity'
import { equals } from 'uint8arrays/equals'
import { InputError } from './input-error.ts'

/** Bytes of one block of IPFS: what others exchange as well, twice over. */
const IPFS_BLOCK_BYTES = 4 * 1024 * 1024
/** Milliseconds that a gateway has for one block. */
const BLOCK_MS = 30_000
const SHA2_256 = 0x12

/** Blocks of IPFS from gateways, each verified against its address: what a gateway gives needs no trust. */
export interface IpfsBlocks {
  /** Yields one block; throws {@link InputError} `NOT_IN_IPFS` where no gateway gives it. */
  get(cid: CID, options?: { signal?: AbortSignal }): AsyncGenerator<Uint8Array>
}

/** Asks each of `gateways` in turn, that which gave the last block first. `named` is what the user asked for. */
export function ipfsBlocks(gateways: readonly string[], named: string): IpfsBlocks {
  let order = [...gateways]
  return {
    async *get(cid, { signal } = {}) {
      if (cid.multihash.code === identity.code) return yield cid.multihash.digest
      const failures: string[] = []
      for (const gateway of order) {
        try {
          const block = await fetchBlock(gateway, cid, signal)
          order = [gateway, ...order.filter((other) => other !== gateway)]
          return yield block
        } catch (error) {
          signal?.throwIfAborted()
          failures.push(`${gateway}: ${errorMessage(error)}`)
        }
      }
      throw notInIpfs(named, cid, failures)
    },
  }
}

async function fetchBlock(gateway: string, cid: CID, signal?: AbortSignal): Promise<Uint8Array> {
  if (cid.multihash.code !== SHA2_256) throw new Error('expected an address by SHA-256')
  const timeout = AbortSignal.timeout(BLOCK_MS)
  const response = await fetch(new URL(`/ipfs/${cid}?format=raw`, gateway), {
    headers: { accept: 'application/vnd.ipld.raw' },
    signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
  })
  if (!response.ok) {
    await response.body?.cancel()
    throw new Error(`it answered ${response.status}`)
  }
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > IPFS_BLOCK_BYTES) throw new Error(`expected a block of at most ${IPFS_BLOCK_BYTES} bytes`)
    parts.push(chunk)
  }
  const block = new Uint8Array(Buffer.concat(parts))
  if (equals(createHash('sha256').update(block).digest(), cid.multihash.digest)) return block
  throw new Error('it gave other bytes than the address names')
}

function notInIpfs(named: string, cid: CID, failures: readonly string[]): InputError {
  const why = failures.length === 0 ? 'no gateway is named' : failures.join('; ')
  return new InputError(
    `expected the block ${cid} of ${named} from a gateway, but ${why}; name one that has it with --ipfs-gateway`,
    { code: 'NOT_IN_IPFS', file: named },
  )
}
