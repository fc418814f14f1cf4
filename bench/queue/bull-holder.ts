import { Worker } from 'bullmq'

/** A BullMQ worker that begins a job and never ends it, in a process of its own; all settings are the defaults. */
const [port = '', queue = ''] = process.argv.slice(2)
const hold = () => {
  process.stdout.write('began\n')
  return new Promise<never>(() => {})
}
const worker = new Worker(queue, hold, { connection: { host: '127.0.0.1', port: Number(port) } })
await worker.waitUntilReady()
process.stdout.write('ready\n')
