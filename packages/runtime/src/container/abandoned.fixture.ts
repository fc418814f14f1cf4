// Owns an executor that runs an endless task, says "running", and waits to be killed.
import { readFileSync } from 'node:fs'
import { imageBench } from '../testing/test-image.ts'
import { containerEngine } from './engine.ts'

const [archive = '', id = ''] = process.argv.slice(2)
const bench = imageBench({ id, bytes: readFileSync(archive) })
const executor = await containerEngine().start({
  ...{ runtime: 'container/1', memoryBytes: 67_108_864, cores: 1, diskBytes: 8_388_608, gpus: [] },
})
const execution = bench.execution(bench.task(['spin']), {
  hear: ({ kind }) => {
    if (kind === 'started') console.log('running')
  },
})
await executor.run(execution, new AbortController().signal)
