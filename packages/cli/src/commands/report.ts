import { writeFile } from 'node:fs/promises'
import type { JobReport } from '@souk/requester'
import type { NetworkConfig } from '@souk/settlement'
import type { Command } from 'commander'
import { reportLines } from './leases-show.ts'
import { addSharedOptions, amount, jsonText, printJson, type SharedOptions, withSession } from './shared.ts'

type Options = SharedOptions & { out?: string }

/** Adds `souk report`. */
export function addReport(program: Command): void {
  const report = program
    .command('report')
    .description('say what a job’s leases promised, and what came of it')
  report.argument('<job>').option('--out <file>', 'write it there, as JSON')
  addSharedOptions(report).action(write)
}

async function write(job: string, options: Options): Promise<void> {
  await withSession(options, async ({ config, owner }) => {
    const report = await owner.call<JobReport>('report', { job })
    if (options.out !== undefined) await writeFile(options.out, `${jsonText(report)}\n`)
    if (options.json) printJson(report)
    else process.stdout.write(`${lines(config, report).join('\n')}\n`)
    return 0
  })
}

function lines(
  config: NetworkConfig,
  { job, tasks, attempts, measured, compensated, leases }: JobReport,
): string[] {
  const failures = Object.entries(attempts.failures).map(([code, count]) => `${count} ${code}`)
  const share = measured.availability === null ? 'unknown' : `${(measured.availability * 100).toFixed(2)} %`
  return [
    `job          ${job.id}, ${job.name}: ${job.state}`,
    `tasks        ${tasks.accepted} of ${job.tasks} accepted, ${tasks.failed} failed, ${tasks.open} open; ${job.k} of ${job.n} must agree`,
    `attempts     ${attempts.all}, of at most ${job.deadlineMs / 1000} s each${failures.length > 0 ? `; failed: ${failures.join(', ')}` : ''}`,
    `measured     ${share} up over ${leases.length} leases, ${measured.outages} outages`,
    `money        ${amount(config, compensated.paid)} paid, ${amount(config, compensated.toRequester)} came as penalties`,
    ...leases.flatMap((lease) => ['', ...reportLines(config, lease)]),
  ]
}
