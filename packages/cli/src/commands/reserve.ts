import { parseAmount } from '@souk/market'
import type { Hex } from '@souk/protocol'
import { LIMITS } from '@souk/protocol'
import type { ReservationRow, ReserveWish } from '@souk/requester'
import type { NetworkConfig } from '@souk/settlement'
import type { Command } from 'commander'
import { addDemandOptions, type DemandOptions, readDemand } from '../demand.ts'
import { waitForOffers } from '../run/wait-for-offers.ts'
import { readLength, readTime } from './reserve-time.ts'
import {
  addSharedOptions,
  amount,
  printJson,
  printTable,
  type SharedOptions,
  short,
  size,
  withSession,
} from './shared.ts'

type Options = SharedOptions & DemandOptions & { at?: string; for?: string; maxFee?: string }

/** Milliseconds that a process which has just joined the network waits for offers at the most. */
const WAIT_MS = 30_000

/** Adds `souk reserve`. */
export function addReserve(program: Command): void {
  const reserve = program
    .command('reserve')
    .description('have capacity kept for later; jobs use it in its time')
  reserve
    .option('--at <time>', 'when it begins: now, +30m, 15:30 or 2026-05-01T15:30')
    .option('--for <duration>', 'for how long, such as 2h')
    .option('--max-fee <amount>', 'most that keeping it may cost, in token units')
  addSharedOptions(addDemandOptions(reserve)).action(book)
  addSharedOptions(reserve.command('ls').description('list reservations, the first to begin first')).action(
    list,
  )
  const cancel = reserve.command('cancel').description('let a reservation go; what was paid for it is lost')
  addSharedOptions(cancel.argument('<reservation>', 'its name, or how that begins')).action(end)
}

async function book(options: Options): Promise<void> {
  await withSession(options, async ({ config, owner }) => {
    const seconds = readLength('--for', options.for ?? '')
    const { maxFee } = options
    const wish: ReserveWish = {
      demand: {
        ...readDemand(options, config.tokenDecimals),
        durationSeconds: Math.min(seconds, LIMITS.leaseSeconds),
      },
      from: readTime('--at', options.at ?? '', new Date()),
      seconds,
      maxFee: maxFee === undefined ? null : parseAmount(maxFee, config.tokenDecimals),
    }
    await waitForOffers(owner, wish.demand, 1, AbortSignal.timeout(WAIT_MS), (sentence) => {
      process.stderr.write(`${sentence}\n`)
    })
    const row = await owner.call<ReservationRow>('reserve', wish)
    if (options.json) printJson(row)
    else process.stdout.write(`${lines(config, row).join('\n')}\n`)
    return 0
  })
}

async function list(options: SharedOptions): Promise<void> {
  await withSession(options, async ({ config, owner }) => {
    const rows = await owner.call<ReservationRow[]>('reservations')
    if (options.json) printJson(rows)
    else if (rows.length === 0) process.stdout.write('no reservations yet\n')
    else {
      printTable(
        ['reservation', 'provider', 'state', 'from', 'until', 'cores', 'memory', 'fee', 'paid'],
        rows.map((row) => [
          ...[short(row.lease), short(row.peerId), row.state, time(row.from), time(row.until)],
          ...[String(row.resources.millicores / 1000), size(row.resources.memoryBytes)],
          ...[amount(config, row.fee), amount(config, row.paid)],
        ]),
      )
    }
    return 0
  })
}

async function end(name: string, options: SharedOptions): Promise<void> {
  await withSession(options, async ({ config, owner }) => {
    const rows = await owner.call<ReservationRow[]>('reservations')
    const found = rows.filter(({ lease }) => lease.startsWith(name))
    const lease = found.length === 1 ? found[0]?.lease : (name as Hex)
    const row = await owner.call<ReservationRow>('unreserve', { lease })
    if (options.json) printJson(row)
    else
      process.stdout.write(
        `${row.state}; ${amount(config, row.paid)} of ${amount(config, row.fee)} are paid\n`,
      )
    return 0
  })
}

function lines(config: NetworkConfig, row: ReservationRow): string[] {
  const { millicores, memoryBytes, gpus } = row.resources
  const devices = gpus.length === 0 ? '' : `, ${gpus.map(({ model }) => model).join(', ')}`
  return [
    `reservation ${row.lease}`,
    `provider    ${row.peerId}`,
    `capacity    ${millicores / 1000} cores, ${size(memoryBytes)} of memory${devices}`,
    `kept        from ${time(row.from)} to ${time(row.until)}; let go at ${time(row.claimBy)} if no job has used it`,
    `fee         ${amount(config, row.fee)}: ${amount(config, row.earnest)} now, the rest once a job has it`,
    `bond        ${amount(config, row.bond)} of the provider, ${amount(config, row.slotPenalty)} for each slot that it is found down`,
  ]
}

function time(seconds: number): string {
  return new Date(seconds * 1000).toLocaleString()
}
