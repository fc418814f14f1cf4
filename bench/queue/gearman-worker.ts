import { connect } from 'node:net'
import {
  answers,
  CAN_DO,
  GRAB_JOB,
  JOB_ASSIGN,
  NO_JOB,
  NOOP,
  PRE_SLEEP,
  packet,
  WORK_COMPLETE,
} from './gearman-wire.ts'

/** A gearman worker that begins a job and holds it until its standard input ends, in a process of its own. */
const [port = ''] = process.argv.slice(2)
const socket = connect(Number(port), '127.0.0.1')
let handle: string | undefined
const say = (word: string) => process.stdout.write(`${word}\n`)

socket.on('connect', () => socket.write(Buffer.concat([packet(CAN_DO, 'spin'), packet(GRAB_JOB)])))
socket.on(
  'data',
  answers((kind, [first]) => {
    if (kind === NO_JOB) socket.write(packet(PRE_SLEEP), () => say('ready'))
    if (kind === NOOP) socket.write(packet(GRAB_JOB))
    if (kind !== JOB_ASSIGN) return
    handle = first
    say('began')
  }),
)
process.stdin.resume().on('end', () => {
  const bye = handle === undefined ? Buffer.alloc(0) : packet(WORK_COMPLETE, handle, '')
  socket.end(bye, () => process.exit())
})
