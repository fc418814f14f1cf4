import { playFamilies } from './testing/seeds.ts'

playFamilies([
  'chain-stall',
  'reorg',
  'progress-lies',
  'failures',
  'result-lies',
  'result-lies-many',
  'checkpoints',
  'storm',
])
