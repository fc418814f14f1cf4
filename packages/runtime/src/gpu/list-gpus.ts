import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Gpu } from '@souk/protocol'
import { parseAmdSmi, parseRocmSmi } from './parse-amd.ts'
import { parseSystemProfiler } from './parse-apple.ts'
import { NVIDIA_FIELDS, parseNvidia } from './parse-nvidia.ts'

/** Milliseconds for one tool; drivers in trouble hang, and a machine must start without them. */
const TOOL_MS = 5_000
/** Bytes of one tool's answer. */
const ANSWER_BYTES = 4 * 1024 * 1024

/** Lists this machine's GPUs as their vendors' tools name them; a tool that is missing or fails adds none. */
export async function listGpus(memoryBytes: number): Promise<Gpu[]> {
  if (process.platform === 'darwin') {
    return parseSystemProfiler(await ask('system_profiler', ['-json', 'SPDisplaysDataType']), memoryBytes)
  }
  const [nvidia, amd] = await Promise.all([listNvidia(), listAmd()])
  return [...nvidia, ...amd]
}

async function listNvidia(): Promise<Gpu[]> {
  const query = `--query-gpu=${NVIDIA_FIELDS.join(',')}`
  const table = await ask('nvidia-smi', [query, '--format=csv,noheader,nounits'])
  const listing = table.includes('Enabled') ? await ask('nvidia-smi', ['-L']) : ''
  return parseNvidia(table, listing)
}

async function listAmd(): Promise<Gpu[]> {
  const found = parseAmdSmi(await ask('amd-smi', ['static', '--asic', '--bus', '--vram', '--json']))
  if (found.length > 0) return found
  return parseRocmSmi(
    await ask('rocm-smi', ['--showproductname', '--showuniqueid', '--showmeminfo', 'vram', '--json']),
  )
}

/** Returns what the tool prints, or nothing if it is missing, fails or takes too long. */
async function ask(tool: string, args: string[]): Promise<string> {
  try {
    const options = { timeout: TOOL_MS, maxBuffer: ANSWER_BYTES, killSignal: 'SIGKILL' } as const
    return (await promisify(execFile)(tool, args, options)).stdout
  } catch {
    return ''
  }
}
