import { expect, test } from 'vitest'
import { playFamilies } from './testing/seeds.ts'
import { Uptime } from './uptime.ts'
import { uptimeScenario } from './uptime-families.ts'

playFamilies(['uptime', 'watchers-lie', 'watchers-lie-many'])

test('who holds a quorum of seats makes others pay who were up: what the quorum is for', {
  timeout: 300_000,
}, () => {
  expect(new Uptime(uptimeScenario('watchers-lie-many', 1)).run().wronged).toBeGreaterThan(0)
  expect(new Uptime(uptimeScenario('watchers-lie', 1)).run().wronged).toBe(0)
})
