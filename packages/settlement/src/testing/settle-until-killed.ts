/**
 * A process that settles leases and sends payments over a real journal, and kills itself at one step: before or
 * after a commit of the journal or a broadcast. Without a step it says how many it took.
 */
import { readFileSync } from 'node:fs'
import { fromHex, type Hex, leaseOf, type Quote } from '@souk/protocol'
import { openDataFolder } from '@souk/storage/node'
import { openChainLink } from '../chain-link.ts'
import { escrowData } from '../escrow-calls.ts'
import { type NetworkConfig, networkId } from '../network-config.ts'
import { scriptedLease } from './scripted-lease.ts'

/** What the process is told to do; amounts travel as decimal strings. */
export interface KillPlan {
  readonly folder: string
  readonly config: NetworkConfig
  /** Private keys: of the account that sends, and of both sides' lease keys. */
  readonly senderKey: Hex
  readonly providerKey: Hex
  readonly requesterKey: Hex
  readonly quotes: readonly Record<keyof Quote, string | number>[]
  readonly payments: readonly { readonly id: string; readonly to: Hex; readonly amount: string }[]
  /** Counted from 1; null to live on. */
  readonly killAt: number | null
}

const plan = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as KillPlan
let steps = 0
const step = () => {
  steps += 1
  if (steps === plan.killAt) process.kill(process.pid, 'SIGKILL')
}
/** Runs `action` between two steps. */
const between = async <T>(action: () => Promise<T>): Promise<T> => {
  step()
  const result = await action()
  step()
  return result
}

const { fetch: plainFetch } = globalThis
globalThis.fetch = (input, init) => {
  const asks = () => plainFetch(input, init)
  return String(init?.body).includes('eth_sendRawTransaction') ? between(asks) : asks()
}
const folder = await openDataFolder(plan.folder)
const journal = {
  ...folder.journal,
  commit: (...args: Parameters<typeof folder.journal.commit>) =>
    between(() => folder.journal.commit(...args)),
}
const network = networkId(plan.config)
const quotes = plan.quotes.map(readQuote)
const open = new Set(quotes.map((quote) => leaseOf(network, quote)))
const keys = { network, providerKey: fromHex(plan.providerKey), requesterKey: fromHex(plan.requesterKey) }
const done = Promise.withResolvers<void>()
const cases = quotes.map((quote) =>
  scriptedLease(keys, quote, (status) => {
    if (status === 'closed') open.delete(leaseOf(network, quote))
    if (open.size === 0) done.resolve()
  }),
)
const link = await openChainLink({
  ...{ config: plan.config, journal, key: fromHex(plan.senderKey) },
  cases: () => cases.filter(({ lease }) => open.has(lease)),
  onHead: () => {},
  onProblem: (sentence) => console.error(sentence),
})
for (const { id, to, amount } of plan.payments) {
  const data = escrowData.moveTo(to, BigInt(amount))
  await link.sender.submit({ id, purpose: id, to: plan.config.escrow, data })
}
await Promise.all(plan.payments.map(({ id }) => link.sender.wait(id)))
await done.promise
await link.stop()
await folder.close()
console.log(steps)

function readQuote(plain: KillPlan['quotes'][number]): Quote {
  const money = ['rate', 'startFee', 'deposit', 'bond', 'resultBond', 'slotPenalty'] as const
  const amounts = Object.fromEntries(money.map((name) => [name, BigInt(plain[name])]))
  return { ...plain, ...amounts } as unknown as Quote
}
