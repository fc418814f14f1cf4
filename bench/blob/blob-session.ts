import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateKeyPair } from '@libp2p/crypto/keys'
import { multiaddr } from '@multiformats/multiaddr'
import { fetchContent, type PeerTarget, type SoukNode, startNode } from '@souk/network'
import { missingBlocks } from '@souk/storage'
import { openDataFolder } from '@souk/storage/node'
import type { Condition, Round, Session, Setup } from '../harness/benchmark.ts'
import { median } from '../harness/statistics.ts'
import { CAP_BYTES, RAW_PROTOCOL, SHARED_BYTES, WHOLE_BYTES } from './content.ts'
import { type FilePeer, startFilePeer } from './peer-process.ts'

const NETWORK = { name: 'bench', chainId: 31_337, escrow: `0x${'00'.repeat(20)}` } as const
/** Peers with a cap. */
const SHARING = 3
/** Times that three such peers must be as fast as one. */
const SPEEDUP = 2.5

/** Starts the peers and returns what measures them. */
export async function openSession({ step }: Setup): Promise<Session> {
  const peers: FilePeer[] = []
  let node: SoukNode | undefined
  const stop = async () => {
    await node?.stop()
    for (const peer of peers) await peer.stop()
  }
  try {
    step('starting a peer with 256 MiB, and three with 48 MiB that give 20 MB a second each')
    peers.push(await startFilePeer(NETWORK, WHOLE_BYTES, 0))
    for (let n = 0; n < SHARING; n++) peers.push(await startFilePeer(NETWORK, SHARED_BYTES, CAP_BYTES))
    node = await startNode({
      ...{
        network: NETWORK,
        privateKey: await generateKeyPair('Ed25519'),
        listen: [],
        bootstrap: [],
        dev: true,
      },
    })
    for (const { peerId, addresses } of peers) await node.dial({ peerId, addresses })
    return makeSession(node, peers, stop)
  } catch (error) {
    await stop()
    throw error
  }
}

function makeSession(node: SoukNode, peers: readonly FilePeer[], stop: () => Promise<void>): Session {
  const [whole, ...sharing] = peers
  const [one] = sharing
  if (whole === undefined || one === undefined) throw new Error('expected the peers that were started')
  const single: number[] = []
  const several: number[] = []
  return {
    peerVersion: `libp2p ${versionOf('libp2p')}`,
    async round(): Promise<Round> {
      const ours = await fetchMs(node, [whole], whole.cid)
      const peer = await rawMs(node, whole)
      const limit = await socketMs(whole)
      single.push(await fetchMs(node, [one], one.cid))
      several.push(await fetchMs(node, sharing, one.cid))
      return { ours: [ours], peer: [peer], limit: [limit] }
    },
    conditions: (): Condition[] => {
      const speedup = Number((median(single) / median(several)).toFixed(2))
      const name = 'three peers of 20 MB/s each, times as fast as one'
      return [{ name, value: speedup, op: '>=', bound: SPEEDUP, ok: speedup >= SPEEDUP }]
    },
    remarks: () => [
      `one peer of 20 MB/s: ${rate(SHARED_BYTES, median(single))}; three: ${rate(SHARED_BYTES, median(several))}`,
    ],
    stop,
  }
}

/** Returns how long content takes from these peers into a new store on disk: verified, and surviving the process. */
async function fetchMs(node: SoukNode, sources: readonly PeerTarget[], cid: string): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'souk-bench-store-'))
  const { blocks, journal, close } = await openDataFolder(folder)
  try {
    const startMs = performance.now()
    await fetchContent(node, sources, cid, blocks)
    await journal.commit([], 'committed')
    const tookMs = performance.now() - startMs
    if ((await missingBlocks(blocks, cid)).length > 0) throw new Error('expected every block to be here')
    return tookMs
  } finally {
    await close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Returns how long as many plain bytes take over one libp2p stream of the same connection. */
async function rawMs(node: SoukNode, { addresses: [address = ''] }: FilePeer): Promise<number> {
  const startMs = performance.now()
  const stream = await node.libp2p.dialProtocol(multiaddr(address), RAW_PROTOCOL)
  let bytes = 0
  await new Promise<void>((resolve, reject) => {
    stream.addEventListener('message', ({ data }) => {
      bytes += data.byteLength
      if (bytes >= WHOLE_BYTES) resolve()
    })
    stream.addEventListener('close', ({ error }) => reject(error ?? new Error('expected more bytes')))
  })
  const tookMs = performance.now() - startMs
  await stream.close()
  return tookMs
}

/** Returns how long as many plain bytes take over a TCP socket. */
async function socketMs({ port }: FilePeer): Promise<number> {
  const startMs = performance.now()
  let bytes = 0
  const socket = createConnection(port, '127.0.0.1')
  for await (const chunk of socket) bytes += (chunk as Buffer).byteLength
  if (bytes < WHOLE_BYTES) throw new Error(`expected ${WHOLE_BYTES} bytes, got ${bytes}`)
  return performance.now() - startMs
}

function rate(bytes: number, ms: number): string {
  return `${(bytes / 1000 / ms).toFixed(1)} MB/s`
}

function versionOf(name: string): string {
  const file = new URL(`../../node_modules/${name}/package.json`, import.meta.url)
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}
