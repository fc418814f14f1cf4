import { Worker } from 'node:worker_threads'

/** Computes the expected result in plain JavaScript, on a thread of its own beside the market. */
export function computeExpected(chunks: readonly Uint8Array[]): { result: Promise<string>; stop(): void } {
  const worker = new Worker(new URL('./expected-worker.ts', import.meta.url), { workerData: chunks })
  const result = new Promise<string>((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', () => reject(new Error('the thread that computes the expected result ended early')))
  })
  // Whoever awaits it hears of a failure; a demo that is stopped does not.
  result.catch(() => {})
  return { result, stop: () => void worker.terminate() }
}
