import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { createRpc } from '../rpc.ts'
import { anvilBinary } from './anvil-binary.ts'
import { startDevChain } from './dev-chain.ts'

/** Tells whether a process exists. */
function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

async function death(pid: number): Promise<void> {
  while (lives(pid)) await new Promise((resolve) => setTimeout(resolve, 20))
}

test('mines at will and by the clock, and is gone after stop', async () => {
  const chain = await startDevChain({ blockSeconds: 0 })
  const height = async () => Number(await chain.request('eth_blockNumber'))
  try {
    await chain.mine(5, 10)
    expect(await height()).toBe(5)
    await chain.setInterval(1)
    while ((await height()) === 5) await new Promise((resolve) => setTimeout(resolve, 50))
    await chain.setInterval(0)
    expect(chain.richKeys).toHaveLength(10)
    expect(new URL(chain.rpcUrl).hostname).toBe('127.0.0.1')
  } finally {
    await chain.stop()
  }
  await chain.exited
  expect(lives(chain.pid)).toBe(false)
  await chain.stop()
})

test('keeps its state in a file from one run to the next', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'souk-chain-'))
  const stateFile = join(folder, 'state.json')
  try {
    const first = await startDevChain({ blockSeconds: 0, stateFile })
    await first.mine(7)
    await first.stop()
    const second = await startDevChain({ blockSeconds: 0, stateFile })
    expect(Number(await second.request('eth_blockNumber'))).toBe(7)
    await second.stop()
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('says that its port is taken', async () => {
  const chain = await startDevChain({ blockSeconds: 1 })
  const port = Number(new URL(chain.rpcUrl).port)
  try {
    await expect(startDevChain({ blockSeconds: 1, port })).rejects.toMatchObject({
      data: { code: 'PORT_IN_USE', port },
    })
    await expect(
      createRpc({ urls: [chain.rpcUrl], chainId: 31_337 }).request('eth_blockNumber', []),
    ).resolves.toBeDefined()
  } finally {
    await chain.stop()
  }
})

test('dies with its starter, even when that one is killed', async () => {
  const script = fileURLToPath(new URL('../testing/chain-starter.ts', import.meta.url))
  const starter = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(createInterface(starter.stdout), 'line')
  const pid = Number(line)
  expect(lives(pid)).toBe(true)
  starter.kill('SIGKILL')
  await death(pid)
  expect(lives(pid)).toBe(false)
})

test('names the package that a platform lacks', () => {
  expect(() => anvilBinary('plan9', 'mips')).toThrow(
    expect.objectContaining({ data: { code: 'NO_ANVIL', package: '@foundry-rs/anvil-plan9-mips' } }),
  )
})
