import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { NetworkId } from '@souk/protocol'

/** A peer with a file, in a process of its own. */
export interface FilePeer {
  readonly peerId: string
  readonly addresses: readonly string[]
  readonly cid: string
  /** TCP port that gives the same number of bytes to whoever connects. */
  readonly port: number
  stop(): Promise<void>
}

/** Starts a peer with a file of `bytes`, which gives `capBytes` a second, or all it can where that is 0. */
export async function startFilePeer(network: NetworkId, bytes: number, capBytes: number): Promise<FilePeer> {
  const folder = mkdtempSync(join(tmpdir(), 'souk-bench-blob-'))
  const script = fileURLToPath(new URL('./serve-peer.ts', import.meta.url))
  const { name, chainId, escrow } = network
  const args = [name, `${chainId}`, escrow, folder, `${bytes}`, `${capBytes}`]
  const child = spawn(process.execPath, ['--no-warnings', script, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  try {
    const { peerId, addresses, cid, port } = await ready(child)
    return { peerId, addresses, cid, port, stop: () => stop(child, folder) }
  } catch (error) {
    await stop(child, folder)
    throw error
  }
}

async function ready(child: ChildProcess): Promise<Omit<FilePeer, 'stop'>> {
  if (child.stdout === null) throw new Error('expected a pipe from the peer')
  for await (const line of createInterface({ input: child.stdout })) return JSON.parse(line)
  throw new Error('expected the peer to say where it is, it ended')
}

async function stop(child: ChildProcess, folder: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.stdin?.end()
    await ended
  }
  rmSync(folder, { recursive: true, force: true })
}
