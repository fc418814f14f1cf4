import { playFamilies } from './testing/seeds.ts'

playFamilies([
  'partition',
  'one-way',
  'broken-streams',
  'loss-3',
  'loss-10',
  'domain',
  'third',
  'slander',
  'slow',
])
