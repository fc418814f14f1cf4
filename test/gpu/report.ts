import type { GpuMark, GpuSpeed } from '@souk/protocol'
import type { Adapter, GpuDevice, GpuReading } from '@souk/runtime'

/** What a test of a machine's GPUs found. */
export interface GpuReport {
  readonly v: 1
  /** ISO 8601 day. */
  readonly date: string
  readonly machine: { readonly platform: string; readonly cpu: string; readonly node: string }
  /** What the vendors' tools list, and how they find it. */
  readonly inventory: readonly GpuDevice[]
  readonly health: readonly GpuReading[]
  /** Why WebGPU finds nothing; `null` where it finds something. */
  readonly why: string | null
  readonly devices: readonly DeviceReport[]
  /** Whether there is a device, and everything asked of each held. */
  readonly ok: boolean
}

/** One device as its driver presents it to WebGPU. */
export interface DeviceReport {
  readonly adapter: Adapter
  readonly speed: GpuSpeed
  readonly marks: readonly GpuMark[]
  readonly proof: ProofReport
  readonly checks: readonly Check[]
}

/** The standard proof of GPU, from seed to checked rows. */
export interface ProofReport {
  readonly size: number
  readonly rounds: number
  /** Milliseconds from seed to commitment, and those of the check on one core. */
  readonly provingMs: number
  readonly checkingMs: number
  /** Rows opened, and those among them that are right. */
  readonly rows: number
  readonly right: number
}

/** Something that must hold on a device. */
export interface Check {
  readonly name: string
  readonly ok: boolean
  readonly saw: string
}

/** Returns a report as Markdown: the tables of docs/GPUS.md. */
export function reportTables({ date, machine, inventory, why, devices }: GpuReport): string {
  const lines = [
    `### ${date}, ${machine.cpu}, ${machine.platform}, Node ${machine.node}`,
    '',
    ...(why === null ? [] : [`WebGPU finds nothing: ${why}`, '']),
    ...table(
      ['device', 'driver', 'interface', 'memory', 'link', 'sharing'],
      inventory.map((one) => [
        one.model,
        one.driver ?? '–',
        one.api ?? '–',
        gib(one.vramBytes),
        one.link ?? '–',
        one.sharing,
      ]),
    ),
    ...table(
      ['adapter', 'fp32', 'fp16', 'memory', 'transfer', 'proof', 'its check', 'marks'],
      devices.map(({ adapter, speed, proof, marks }) => [
        `${adapter.name} (${adapter.driver})`,
        gflops(speed.fp32Gflops),
        gflops(speed.fp16Gflops),
        `${(speed.memoryMbPerSecond / 1000).toFixed(1)} GB/s`,
        `${(speed.transferMbPerSecond / 1000).toFixed(1)} GB/s`,
        `${proof.provingMs.toFixed(0)} ms (${proof.size}³ × ${proof.rounds})`,
        `${proof.checkingMs.toFixed(0)} ms, ${proof.right} of ${proof.rows} rows right`,
        marks.join(', ') || '–',
      ]),
    ),
    ...devices.flatMap(({ adapter, checks }) =>
      table(
        [`${adapter.name} must`, 'holds', 'saw'],
        checks.map(({ name, ok, saw }) => [name, ok ? 'yes' : '**no**', saw]),
      ),
    ),
  ]
  return `${lines.join('\n')}\n`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return []
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line), '']
}

function gib(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`
}

function gflops(value: number): string {
  if (value === 0) return '–'
  return value < 1000 ? `${value} GFLOP/s` : `${(value / 1000).toFixed(1)} TFLOP/s`
}
