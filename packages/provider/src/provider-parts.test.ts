import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createEscrowReader, createLedgerView, createRpc } from '@souk/settlement'
import { expect, test } from 'vitest'
import { coverOf } from './provider-parts.ts'

const address = (digit: string) => `0x${digit.repeat(40)}` as const

test('what an account covers is not waited for where the chain says nothing', async () => {
  const silent = createServer(() => {}).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const { port } = silent.address() as AddressInfo
  const rpc = createRpc({ urls: [`http://127.0.0.1:${port}`], chainId: 1 })
  const reader = createEscrowReader(rpc, { escrow: address('1'), token: address('2') })
  const watcher = { subscribe: () => () => {}, clock: { head: () => undefined, seconds: () => undefined } }
  const ledger = createLedgerView({ reader, watcher })
  try {
    // The endpoint itself would be given ten seconds, which is longer than a requester waits for an answer.
    await expect(coverOf({ ledger, watcher }, address('3'), address('4'))).rejects.toMatchObject({
      name: 'TimeoutError',
    })
  } finally {
    ledger.stop()
    silent.closeAllConnections()
    silent.close()
  }
})
