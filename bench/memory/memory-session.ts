import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { MissingPeer, type Session, type Setup } from '../harness/benchmark.ts'
import { DEMAND } from '../lease/one-lease.ts'
import { openWarmMarket } from '../lease/warm-market.ts'
import { openWarmJob } from '../task/warm-job.ts'
import { childrenOf, residentMib } from './resident.ts'

/** Most memory of an idle provider process, MiB. */
const DAEMON_MIB = 160
/** Most memory of a warm runner process, MiB. */
const RUNNER_MIB = 60
/** Tasks that the runner had before it is measured: its program is compiled, its memory was used. */
const TASKS = 200
/** Milliseconds between two looks, and between the last task and the first look. */
const LOOK_MS = 1_000
const IDLE_MS = 5_000
const PROVIDERS = [{ name: 'provider-1', share: 1, coreHour: '0.10' }]

/** Starts a market, has some tasks run, and looks at the memory while nothing happens. */
export async function openMemorySession(setup: Setup): Promise<Session> {
  if (process.platform !== 'linux')
    throw new MissingPeer('expected Linux, which tells the memory of a process')
  const { signal, step } = setup
  const market = await openWarmMarket(setup, DEMAND, { providers: PROVIDERS, probed: false })
  try {
    const job = await openWarmJob(market, 1)
    await job.submit(TASKS)
    const pid = market.pids[0] ?? 0
    const runners = childrenOf(pid).filter(isNode)
    const largest = () => Math.max(...runners.map(residentMib))
    step(`${runners.length} runner processes; waiting until all is idle`)
    const runnerMib = Number(largest().toPrecision(4))
    await job.stop()
    await sleep(IDLE_MS, undefined, { signal })
    return {
      peerVersion: `libp2p in Node ${process.versions.node}`,
      async round() {
        await sleep(LOOK_MS, undefined, { signal })
        return { ours: [residentMib(pid)], peer: [residentMib(market.echoPid)], limit: [DAEMON_MIB] }
      },
      conditions: () => [
        {
          name: 'a warm runner process, MiB',
          value: runnerMib,
          op: '<=',
          bound: RUNNER_MIB,
          ok: runnerMib <= RUNNER_MIB,
        },
      ],
      remarks: () => [`after ${TASKS} tasks on a lease that was closed since`],
      stop: () => market.stop(),
    }
  } catch (error) {
    await market.stop()
    throw error
  }
}

function isNode(pid: number): boolean {
  return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() !== 'sh'
}
