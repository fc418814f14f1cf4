import { RuntimeError } from '../errors.ts'
import type { GpuRunner } from './gpu-runner.ts'
import type { KernelRequest } from './guest/messages.ts'

/** Milliseconds for a kernel of nothing; a driver that needs longer is none. */
const PROVE_MS = 60_000
const CODE = `@group(0) @binding(0) var<storage, read_write> squares: array<u32>;
@compute @workgroup_size(8) fn main(@builtin(global_invocation_id) id: vec3u) { squares[id.x] = id.x * id.x; }`

const REQUEST: KernelRequest = {
  kind: 'run',
  key: 'prove',
  kernel: {
    v: 1,
    code: CODE,
    features: [],
    bindings: [{ binding: 0, kind: 'output', type: 'u32', length: 8, path: 'squares' }],
    passes: [{ entryPoint: 'main', workgroups: [1, 1, 1] }],
  },
  constants: {},
  inputs: new Map(),
}

/** Has a process compute something small. Throws {@link RuntimeError} `NOT_STARTED` unless it comes out right. */
export async function proveDevice(runner: GpuRunner): Promise<void> {
  const late = setTimeout(() => void runner.kill(), PROVE_MS)
  try {
    const answer = await runner.ask(REQUEST)
    const result = answer.kind === 'ended' && answer.result.kind === 'output' ? answer.result : null
    const bytes = result?.files[0]?.bytes.slice()
    if (bytes && [...new Uint32Array(bytes.buffer)].join() === '0,1,4,9,16,25,36,49') return
    throw new RuntimeError(
      `expected the GPU to compute squares, got ${JSON.stringify(answer).slice(0, 300)}; check its driver`,
      { code: 'NOT_STARTED' },
    )
  } finally {
    clearTimeout(late)
  }
}
