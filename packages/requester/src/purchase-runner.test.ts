import type { BuyerEvent, BuyerLease } from '@souk/engine'
import { expect, test } from 'vitest'
import { PurchaseRunner, type PurchaseServices } from './purchase-runner.ts'

test('a lease is ended also where what was waited for failed, and that is told', async () => {
  const problems: unknown[] = []
  const broken = new Error('the court cannot be read')
  const services = {
    clock: () => 0,
    beforeClose: () => Promise.reject(broken),
    onProblem: (_: string, error: unknown) => problems.push(error),
    fatal: (error: unknown) => {
      throw error
    },
  }
  const state = { purchase: { lease: '0x01', phase: 'active' } }
  const posted: BuyerEvent[] = []
  const runner = new PurchaseRunner(state as unknown as BuyerLease, services as unknown as PurchaseServices)
  runner.post = async (event) => void posted.push(event)
  await runner.close()
  expect(problems).toEqual([broken])
  expect(posted).toEqual([{ type: 'close' }])
})
