import { playFamilies } from './testing/seeds.ts'

playFamilies([
  'calm',
  'kill-provider',
  'kill-requester',
  'power',
  'stop',
  'disk-full',
  'clock',
  'drain',
  'requester-gone',
])
