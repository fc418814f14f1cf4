import type { Demand, Offer } from '@souk/protocol'
import { expect, test } from 'vitest'
import { type DirectoryFilter, isWanted } from './offer-directory.ts'

const GPU = { id: '0', family: 'nvidia', model: 'A100', vramBytes: 40 } as const
const free = { millicores: 1_000, memoryBytes: 1_000, diskBytes: 1_000, gpus: [GPU] }
const offer = { free, runtimes: [{ name: 'wasm/1', sandbox: 'process' }] } as unknown as Offer
const resources = { millicores: 1_000, memoryBytes: 1_000, diskBytes: 1_000, gpu: null }
const wish = { count: 1, family: 'nvidia', model: '*', vramBytes: 0 } as const

const filter = (
  wanted: Partial<Demand['resources']>,
  classes: DirectoryFilter['classes'] = ['cpu'],
): DirectoryFilter => ({
  classes,
  demand: {
    resources: { ...resources, ...wanted },
    runtime: 'wasm/1',
    network: 'none',
    region: null,
    maxRoundTripMs: null,
    maxRateE12: null,
    durationSeconds: 60,
  },
})

test.each([
  ['everything of a class', { classes: ['cpu'], demand: null }, true],
  ['another class', { classes: ['gpu/amd'], demand: null }, false],
  ['its own GPU class', { classes: ['gpu/nvidia'], demand: null }, true],
  ['all of it', filter({}), true],
  ['one core too many', filter({ millicores: 1_001 }), false],
  ['a byte of memory too many', filter({ memoryBytes: 1_001 }), false],
  ['a byte of disk too many', filter({ diskBytes: 1_001 }), false],
  ['its GPU', filter({ gpu: wish }), true],
  ['two GPUs', filter({ gpu: { ...wish, count: 2 } }), false],
  ['a GPU of another family', filter({ gpu: { ...wish, family: 'amd' } }), false],
] satisfies [string, DirectoryFilter, boolean][])('a newcomer who wants %s', (_, wanted, answer) => {
  expect(isWanted(offer, wanted)).toBe(answer)
})
