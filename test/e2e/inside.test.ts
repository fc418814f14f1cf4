import { afterAll, beforeAll, expect, test } from 'vitest'
import { soukIn } from './support/cli.ts'
import { CONDUCT, requestOf } from './support/request.ts'
import { plan, Stage, type StartedJob } from './support/stage.ts'
import { until } from './support/until.ts'

const OUT = 'to standard output\n'
const ERR = 'to standard error\n'

let stage: Stage
let souk: ReturnType<typeof soukIn>
beforeAll(async () => {
  stage = await Stage.open(plan(2, 0.3))
  souk = soukIn(stage)
})
afterAll(() => stage?.stop())

/** Starts a job whose tasks say something on both streams and go on without end. */
async function talking(
  change: Parameters<typeof requestOf>[2] = {},
  tasks = 1,
): Promise<[string, StartedJob]> {
  const args = Array.from({ length: tasks }, () => ['talk'])
  const job = await stage.start(requestOf(CONDUCT, args, { deadlineMs: 120_000, ...change }))
  job.done.catch(() => {})
  return [await job.id, job]
}

async function logged(name: string, ...more: string[]) {
  return until(`the log of ${name} is there`, async () => {
    const outcome = await souk.run(['logs', name, ...more])
    return outcome.stdout !== '' && outcome
  })
}

test('shows what a program writes while it runs, by job and by lease, each stream as what it is', async () => {
  const [job, { done }] = await talking()
  const { stdout } = await logged(job)
  expect(stdout).toBe(OUT)
  const [lease] = (await stage.leases()).filter((one) => one.job === job)
  const byLease = await souk.run(['logs', lease?.lease.slice(0, 12) ?? ''])
  expect(byLease).toMatchObject({ code: 0, stdout: OUT })
  expect(byLease.stderr).toContain(ERR)
  expect((await souk.run(['logs', job, '--stderr'])).stdout).toBe(ERR)
  await stage.ask('agent', 'cancel', { job })
  await done
})

test('follows a program until it ends, and stops at Ctrl-C', async () => {
  const [job, { done }] = await talking()
  await logged(job)
  const [followed, left] = [souk.start(['logs', '-f', job]), souk.start(['logs', '-f', job])]
  await until('both show it', () => followed.said.stdout === OUT && left.said.stdout === OUT)
  left.child.kill('SIGINT')
  expect(await left.ended).toBe(130)
  expect(followed.child.exitCode).toBe(null)
  await stage.ask('agent', 'cancel', { job })
  await done
  expect(await followed.ended).toBe(0)
})

test('a run that is followed shows on standard error what its program writes, and its result alone on the other', async () => {
  const options = ['run', '--follow', '--assurance', 'none', '--memory', '16MiB', '--deadline', '120s']
  const run = souk.start(options, CONDUCT, '--', 'talk')
  await until('both are shown', () => run.said.stderr.includes(OUT) && run.said.stderr.includes(ERR))
  expect(run.said.stdout).toBe('')
  expect(run.child.exitCode).toBe(null)
  run.child.kill('SIGINT')
  expect(await run.ended).toBe(130)
  const short = await souk.run([...options.slice(0, 4), '--memory', '16MiB'], CONDUCT, '--', 'echo', 'a')
  expect(short).toMatchObject({ code: 0, stdout: 'arg program\narg echo\narg a\n' })
})

test('takes any replica of a task, and asks which of several tasks is meant', async () => {
  const [job, { done }] = await talking({ assurance: { k: 2, n: 2 }, leases: 2 }, 2)
  expect((await logged(job, '--task', '0')).stdout).toBe(OUT)
  const which = await souk.run(['logs', job])
  expect(which).toMatchObject({ code: 2, stdout: '' })
  expect(which.stderr).toContain('[AMBIGUOUS_PLACE]')
  await stage.ask('agent', 'cancel', { job })
  await done
})

test('says that nothing is known by a name, and that this engine lets nobody in', async () => {
  const nothing = await souk.run(['logs', 'nothing'])
  expect(nothing).toMatchObject({ code: 3, stdout: '' })
  expect(nothing.stderr).toContain('[NO_PLACE]')
  const [job, { done }] = await talking()
  await logged(job)
  for (const command of [
    ['exec', '--', 'sh'],
    ['cp', `${job}:x`, 'y'],
  ]) {
    const [name = '', ...rest] = command
    const args = name === 'exec' ? await souk.run([name], job, ...rest) : await souk.run(command)
    expect(args.code).toBe(1)
    expect(args.stderr).toContain('[NOT_SUPPORTED]')
  }
  await stage.ask('agent', 'cancel', { job })
  await done
})
