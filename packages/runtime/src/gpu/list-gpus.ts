import { ask, askNvidia, saidBy } from './ask-tool.ts'
import { parseGpuList } from './gpu-list.ts'
import type { GpuDevice } from './inventory.ts'
import { listDriverFiles, renderNodes, sysfsAmd } from './list-files.ts'
import { parseAmdSmi, parseRocmSmi } from './parse-amd.ts'
import { parseSystemProfiler } from './parse-apple.ts'
import { NVIDIA_FIELDS, OLD_NVIDIA_FIELDS, parseNvidia } from './parse-nvidia.ts'

const AMD_PARTS = ['--asic', '--bus', '--vram', '--driver', '--json']
const ROCM_PARTS = ['--showproductname', '--showuniqueid', '--showbus', '--showdriverversion']

/**
 * Lists this machine's GPUs as their vendors' tools name them, or where there is no tool, as their drivers' files do; a
 * tool that fails adds none. `root` is where `/proc` and `/sys` are found.
 */
export async function listGpus(memoryBytes: number, root = '/'): Promise<GpuDevice[]> {
  if (process.platform === 'darwin') return listApple(memoryBytes)
  const [nvidia, amd] = await Promise.all([listNvidia(root), listAmd(root)])
  return parseGpuList([...nvidia, ...amd])
}

async function listApple(memoryBytes: number): Promise<GpuDevice[]> {
  const [displays, system] = await Promise.all([
    ask('system_profiler', ['-json', 'SPDisplaysDataType']),
    ask('sw_vers', ['-productVersion']),
  ])
  return parseSystemProfiler(displays, memoryBytes, system)
}

async function listNvidia(root: string): Promise<GpuDevice[]> {
  const table = await queryNvidia()
  const files = await listDriverFiles(root)
  if (table === '') return files
  const [listing, about, links] = await Promise.all([
    table.includes('Enabled') ? sayNvidia(['-L']) : '',
    sayNvidia(['-q', '-d', 'COMPUTE']),
    sayNvidia(['nvlink', '-s']),
  ])
  const found = parseNvidia({ table, listing, about, links })
  return found.map((one) => ({ ...one, files: files.find(({ bus }) => bus === one.bus)?.files ?? [] }))
}

async function sayNvidia(args: readonly string[]): Promise<string> {
  return saidBy(await askNvidia(args))
}

async function queryNvidia(): Promise<string> {
  const query = (fields: readonly string[]) =>
    sayNvidia([`--query-gpu=${fields.join(',')}`, '--format=csv,noheader,nounits'])
  // A driver that does not know a field answers with nothing else.
  return (await query(NVIDIA_FIELDS)) || query(OLD_NVIDIA_FIELDS)
}

async function listAmd(root: string): Promise<GpuDevice[]> {
  const found = parseAmdSmi(
    await ask('amd-smi', ['static', ...AMD_PARTS]),
    await ask('amd-smi', ['version', '--json']),
  )
  const listed =
    found.length > 0
      ? found
      : parseRocmSmi(await ask('rocm-smi', [...ROCM_PARTS, '--showmeminfo', 'vram', '--json']))
  if (listed.length === 0) return sysfsAmd(root)
  return Promise.all(listed.map(async (one) => ({ ...one, files: await renderNodes(root, one.bus) })))
}
