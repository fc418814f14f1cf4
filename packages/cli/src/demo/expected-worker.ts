import { parentPort, workerData } from 'node:worker_threads'
import { countWordsReference, mergeWordResults } from '../word-reference.ts'

const chunks = workerData as Uint8Array[]
parentPort?.postMessage(mergeWordResults(chunks.map((chunk) => countWordsReference(chunk))))
