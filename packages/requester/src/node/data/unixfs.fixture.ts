import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createLink, createNode, encode, code as PB } from '@ipld/dag-pb'
import { UnixFS } from 'ipfs-unixfs'
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'

const RAW = 0x55
/** Bytes of one leaf, as other implementations cut. */
const CHUNK = 256 * 1024

/** A part of a DAG. */
interface Part {
  readonly cid: CID
  /** Bytes of the whole below it. */
  readonly size: number
}

/** A DAG of files and folders, as IPFS keeps them. */
export class UnixFsDag {
  readonly blocks = new Map<string, Uint8Array>()

  /** Adds a file: a raw leaf, or a node over leaves. */
  async file(bytes: Uint8Array): Promise<Part> {
    const leaves: Part[] = []
    for (let at = 0; at === 0 || at < bytes.byteLength; at += CHUNK) {
      leaves.push(await this.#put(RAW, bytes.subarray(at, at + CHUNK)))
    }
    const [first] = leaves
    if (leaves.length === 1 && first !== undefined) return first
    const blockSizes = leaves.map(({ size }) => BigInt(size))
    const data = new UnixFS({ type: 'file', blockSizes }).marshal()
    const links = leaves.map(({ cid, size }) => createLink('', size, cid))
    const node = await this.#put(PB, encode(createNode(data, links)))
    return { cid: node.cid, size: bytes.byteLength }
  }

  /** Adds a folder; names come sorted, as its format demands. */
  async folder(entries: Readonly<Record<string, Part>>): Promise<Part> {
    const data = new UnixFS({ type: 'directory' }).marshal()
    const names = Object.keys(entries).sort()
    const links = names.flatMap((name) => {
      const entry = entries[name]
      return entry === undefined ? [] : [createLink(name, entry.size, entry.cid)]
    })
    return this.#put(PB, encode(createNode(data, links)))
  }

  async #put(codec: number, bytes: Uint8Array): Promise<Part> {
    const cid = CID.createV1(codec, await sha256.digest(bytes))
    this.blocks.set(cid.toString(), bytes)
    return { cid, size: bytes.byteLength }
  }
}

/** Serves blocks as a trustless gateway does; `change` may give others. Returns its address and the call that stops it. */
export async function serveGateway(
  blocks: ReadonlyMap<string, Uint8Array>,
  change: (block: Uint8Array) => Uint8Array = (block) => block,
) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://gateway')
    const cid = url.pathname.replace('/ipfs/', '')
    const block = url.searchParams.get('format') === 'raw' ? blocks.get(cid) : undefined
    asked.push(cid)
    response.writeHead(block === undefined ? 404 : 200, { 'content-type': 'application/vnd.ipld.raw' })
    response.end(block && change(block))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const stop = () => {
    server.closeAllConnections()
    return new Promise<void>((resolve) => server.close(() => resolve()))
  }
  return { url: `http://127.0.0.1:${port}`, asked, stop }
}
