import type { JobRow } from '@souk/engine'
import type { LeaseRow } from '@souk/requester/node'
import type { Command } from 'commander'
import {
  addSharedOptions,
  amount,
  hourly,
  printJson,
  printTable,
  type SharedOptions,
  short,
  withSession,
} from './shared.ts'

/** Adds `souk leases` and `souk ps`. */
export function addLeases(program: Command): void {
  addSharedOptions(program.command('leases').description('list leases, the oldest first')).action(leases)
  addSharedOptions(program.command('ps').description('list jobs, the oldest first')).action(jobs)
}

async function leases(options: SharedOptions): Promise<void> {
  await withSession(options, async ({ config, owner }) => {
    const rows = await owner.call<LeaseRow[]>('leases')
    if (options.json) printJson(rows)
    else if (rows.length === 0) process.stdout.write('no leases yet\n')
    else {
      printTable(
        ['lease', 'provider', 'job', 'state', 'price', 'paid', 'negotiated'],
        rows.map((row) => [
          short(row.lease),
          short(row.peerId),
          row.job,
          row.settled ? 'settled' : row.phase,
          hourly(config, row.rateE12),
          amount(config, row.paid),
          row.negotiatedMs === null ? '–' : `${row.negotiatedMs} ms`,
        ]),
      )
    }
    return 0
  })
}

async function jobs(options: SharedOptions): Promise<void> {
  await withSession(options, async ({ owner }) => {
    const rows = await owner.call<JobRow[]>('jobs')
    const sorted = rows.sort((a, b) => a.createdAtMs - b.createdAtMs)
    if (options.json) printJson(sorted)
    else if (sorted.length === 0) process.stdout.write('no jobs yet\n')
    else {
      printTable(
        ['job', 'name', 'tasks', 'quorum', 'state', 'started'],
        sorted.map((row) => [
          row.id,
          row.name,
          String(row.tasks),
          `${row.k} of ${row.n}`,
          row.state,
          new Date(row.createdAtMs).toLocaleTimeString(),
        ]),
      )
    }
    return 0
  })
}
