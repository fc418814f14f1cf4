import { errorCode, errorMessage } from '@souk/protocol'
import { differences } from './check.ts'
import type { ChaosReport, Expected, Facts, Outcome, Scenario } from './scenario.ts'
import { failed } from './until.ts'
import { World, type WorldName } from './world.ts'

/** Milliseconds for one scenario on a busy machine; the longest takes a minute on a quiet one. */
const SCENARIO_MS = 600_000

export interface ChaosOptions {
  readonly scenarios: readonly Scenario[]
  /** Draws who is struck, and what is lost on links. */
  readonly seed: number
  /** Leaves the folders of the markets behind. */
  readonly keep: boolean
  readonly screen: ChaosScreen
  readonly signal: AbortSignal
}

/** Where people watch. */
export interface ChaosScreen {
  step(sentence: string): void
  begin(scenario: Pick<Scenario, 'name' | 'what' | 'expected'>): void
  end(outcome: Outcome): void
}

/** Starts a market for each world, breaks it in one way after another, and returns what was expected and seen. */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const outcomes: Outcome[] = []
  const worlds = new Set(options.scenarios.map(({ world }) => world))
  for (const name of worlds) {
    const scenarios = options.scenarios.filter(({ world }) => world === name)
    outcomes.push(...(await playWorld(name, scenarios, options)))
  }
  return { scenarios: outcomes, ok: outcomes.every(({ ok }) => ok) }
}

/** Plays the scenarios of one world in one market, and in a new one after each that went wrong. */
async function playWorld(
  name: WorldName,
  scenarios: readonly Scenario[],
  options: ChaosOptions,
): Promise<Outcome[]> {
  const { seed, keep, signal, screen } = options
  const outcomes: Outcome[] = []
  let world: World | undefined
  let left = 0
  const close = async () => {
    left += (await world?.stop()) ?? 0
    world = undefined
  }
  try {
    for (const scenario of scenarios) {
      signal.throwIfAborted()
      screen.begin(scenario)
      const outcome = await playOne(scenario, options, async () => {
        world ??= await World.start({ name, seed, keep, signal, onStep: screen.step })
        return world
      })
      outcomes.push(outcome)
      screen.end(outcome)
      if (!outcome.ok) await close()
    }
  } finally {
    await close()
  }
  const isPlayed = outcomes.some(({ skipped }) => skipped === null)
  return isPlayed ? [...outcomes, leftovers(name, left, screen)] : outcomes
}

async function playOne(
  scenario: Scenario,
  { screen, signal }: ChaosOptions,
  open: () => Promise<World>,
): Promise<Outcome> {
  const { name, what, means, expected } = scenario
  const startedAt = performance.now()
  const end = (seen: Facts, skipped: string | null = null): Outcome => {
    const ok = skipped !== null || differences(expected, seen).length === 0
    const seconds = Math.round((performance.now() - startedAt) / 100) / 10
    return { name, what, means, expected, seen, ok, skipped, seconds }
  }
  const obstacle = scenario.obstacle?.()
  if (obstacle !== undefined) return end({}, obstacle)
  try {
    const world = await open()
    return end(
      await inTime(
        signal,
        scenario.play(world, screen.step).finally(() => world.restored()),
      ),
    )
  } catch (error) {
    signal.throwIfAborted()
    return end({ error: `${errorMessage(error)} [${errorCode(error)}]` })
  }
}

/** Resolves as `work` does; throws where it takes too long, or when we are stopped. */
async function inTime(signal: AbortSignal, work: Promise<Facts>): Promise<Facts> {
  const { promise: never, reject } = Promise.withResolvers<never>()
  const late = setTimeout(() => reject(failed(`it took more than ${SCENARIO_MS / 1000} s`)), SCENARIO_MS)
  const stop = () => reject(signal.reason)
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await Promise.race([work, never])
  } finally {
    clearTimeout(late)
    signal.removeEventListener('abort', stop)
  }
}

const NOTHING_LEFT: Expected = { 'processes left': 0 }

/** What every world must leave: nothing. */
function leftovers(name: WorldName, left: number, screen: ChaosScreen): Outcome {
  const seen = { 'processes left': left }
  const outcome: Outcome = {
    name: `end-of-${name}`,
    what: 'all that was started is stopped, whatever was done to it',
    means: 'the ids of all processes that were started, runners among them',
    expected: NOTHING_LEFT,
    seen,
    ok: differences(NOTHING_LEFT, seen).length === 0,
    skipped: null,
    seconds: 0,
  }
  screen.begin(outcome)
  screen.end(outcome)
  return outcome
}
