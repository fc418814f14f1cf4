import { describe, expect, it } from 'vitest'
import type { ChaosReport } from '../../packages/cli/src/chaos/scenario.ts'
import { SCENARIOS } from '../../packages/cli/src/chaos/scenarios.ts'
import { processesNaming, runSouk } from './processes.fixture.ts'

/** Milliseconds for the scenarios on a machine that is busy; about a minute on a quiet one. */
const PLAY_MS = 1_800_000
/** What no other test here breaks in this way. */
const PLAYED = ['partition', 'partition-outbound', 'partition-inbound', 'partition-requester']

describe('souk chaos', () => {
  it(
    'breaks a market while a job runs, and reports that all came as expected',
    async () => {
      const done = await runSouk(['chaos', '--json', '--only', PLAYED.join(',')])
      expect(done.code, done.stderr).toBe(0)
      const { ok, scenarios } = JSON.parse(done.stdout) as ChaosReport
      expect(ok).toBe(true)
      expect(scenarios.map(({ name }) => name)).toEqual([...PLAYED, 'end-of-links'])
      for (const { name, expected, seen } of scenarios) {
        expect(Object.keys(seen), name).toEqual(expect.arrayContaining(Object.keys(expected)))
        expect(done.stderr).toContain(name)
      }
      expect(processesNaming('souk-chaos-')).toEqual([])
    },
    PLAY_MS,
  )

  it('lists what it can break, and refuses what it cannot', async () => {
    const listed = await runSouk(['chaos', '--list'])
    expect(listed.code).toBe(0)
    for (const { name } of SCENARIOS) expect(listed.stdout).toContain(name)
    const refused = await runSouk(['chaos', '--only', 'nothing'])
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('[BAD_OPTION]')])
  })
})
