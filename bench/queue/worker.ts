import { Worker } from 'bullmq'

/** A BullMQ worker that does nothing with each job, in a process of its own as providers are. */
const [port = '', queue = '', concurrency = '1'] = process.argv.slice(2)
const worker = new Worker(queue, async () => null, {
  connection: { host: '127.0.0.1', port: Number(port) },
  concurrency: Number(concurrency),
})
await worker.waitUntilReady()
process.stdout.write(`${JSON.stringify({ message: 'ready' })}\n`)
process.stdin.resume().on('end', () => void worker.close().then(() => process.exit()))
