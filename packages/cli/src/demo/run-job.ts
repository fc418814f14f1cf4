import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { JobEventReport } from '@souk/requester'
import type { JobRequest } from '@souk/requester/node'
import { connectControl } from '@souk/storage/node'
import { COURT } from '../local-market/local-market.ts'
import { DEFAULT_DEPTH } from '../program/metering.ts'
import { buildImage } from './image.ts'
import { demand, failed, LEASE_MEMORY, nameOf, type Run, type Stage } from './stage.ts'
import { newTimeline, note, type Timeline } from './timeline.ts'

/** Milliseconds that the victim stays away: some slots of the court, whole ones among them. */
const AWAY_MS = 6_000
/** Share of the tasks after whose acceptance a provider is killed. */
const KILL_AFTER = 0.25
const PROGRAM = fileURLToPath(new URL('../../programs/wordcount.wasm', import.meta.url))
/** Milliseconds for one task: a hundred times what it takes, for a container on a busy machine as well. */
const DEADLINE_MS = 30_000

/** Runs the job, and kills a provider in the middle of it. */
export async function runJob(stage: Stage): Promise<Run> {
  const { market, agent, screen, signal, cast, chunks } = stage
  screen.step(`counting ${stage.input.name} in ${chunks.length} tasks, each on 2 of up to 3 providers`)
  const timeline = newTimeline(chunks.length)
  const crash = Promise.withResolvers<Run['crash']>()
  let killing = false
  const onEvent = (event: unknown) => {
    note(timeline, event as JobEventReport)
    screen.progress(timeline, (subject) => nameOf(market, subject))
    if (killing || timeline.done < chunks.length * KILL_AFTER) return
    killing = true
    void killWhileWorking(stage, timeline).then(crash.resolve, crash.reject)
  }
  crash.promise.catch(() => {})
  const onAbort = () => agent.close()
  signal.addEventListener('abort', onAbort, { once: true })
  const request = await jobRequest(stage)
  const { job, state, verified } = (await agent.call('run', request, onEvent)) as {
    job: string
    state: string
    verified: number
  }
  signal.removeEventListener('abort', onAbort)
  if (state !== 'done') throw failed(`the job ended as ${state}: ${timeline.failures.join('; ')}`)
  const outputs: string[] = []
  for (let index = 0; index < chunks.length; index++) {
    const { stdout } = (await agent.call('result', { job, index })) as { stdout: Uint8Array }
    outputs.push(new TextDecoder().decode(stdout))
  }
  if (!killing) throw failed(`the job was over before ${cast.victim} could be killed; give a longer text`)
  return { timeline, outputs, verified, crash: await crash.promise }
}

/** Kills the victim with SIGKILL in a moment when it executes, and starts it again later: operators do. */
async function killWhileWorking(
  { market, cast, screen, home, signal }: Stage,
  timeline: Timeline,
): Promise<Run['crash']> {
  const party = market.parties.find((one) => one.name === cast.victim)
  const line = [...timeline.leases.values()].find((one) => one.subject === party?.delegate)
  const child = market.child(cast.victim)
  const control = await connectControl(join(home, cast.victim, 'data'))
  if (line === undefined || child === undefined || control === undefined)
    throw failed(`${cast.victim} holds no lease`)
  for (let running = 0; running === 0; ) {
    const status = (await control.call('status')) as { leases: { running: number }[] }
    running = status.leases.reduce((sum, lease) => sum + lease.running, 0)
  }
  const killedAtMs = Date.now()
  await child.kill()
  control.close()
  screen.step(
    `killed ${cast.victim} (process ${child.pid}) while it was working; it stays away for some slots`,
  )
  const back = pause(AWAY_MS, undefined, { signal }).then(async () => {
    await market.startProvider(cast.victim)
  })
  // Who waits for it hears of a failure; nobody may be waiting yet.
  back.catch(() => {})
  return { lease: line.lease, killedAtMs, back }
}

/** Writes every chunk as a file of its own, as a person would hand inputs over, and describes the job. */
async function jobRequest({ home, chunks, input, seed, cast, engine }: Stage): Promise<JobRequest> {
  const folder = join(home, 'chunks')
  mkdirSync(folder)
  const tasks = chunks.map((chunk, i) => {
    const file = join(folder, `${i}.txt`)
    writeFileSync(file, chunk)
    return { args: [], env: [], stdin: file, inputs: [] }
  })
  return {
    name: `count ${input.name}`,
    program: engine === 'container/1' ? await buildImage(home) : PROGRAM,
    tasks,
    assurance: { k: 2, n: 3 },
    deadlineMs: DEADLINE_MS,
    demand: demand(engine),
    leases: cast.plan.length,
    memoryBytes: LEASE_MEMORY,
    outputBytes: 4 * 1024 * 1024,
    // As much as jurors execute again.
    ...(engine === 'wasm-det/1' ? { fuel: COURT.fuel, depth: DEFAULT_DEPTH } : {}),
    seed: BigInt(seed),
  }
}
