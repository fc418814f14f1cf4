import { assuranceOf, type Comparator, quorumOf } from '@souk/availability'
import type { JobRow } from '@souk/engine'
import { requireJudgeable, toHex } from '@souk/protocol'
import { type BlockStore, readContent } from '@souk/storage'
import type { JobSpec } from './job-spec.ts'

/** Pages of 64 KiB that a task may use to be executed here: 1 GiB. */
const PAGES_HERE = 16_384
const ENGINES_HERE: ReadonlySet<string> = new Set(['wasm/1', 'wasm-det/1'])
const SECRET_LENGTH = 32

/** Where the terms of a job come from. */
export interface CheckedBy {
  /** Holds the job's content. */
  readonly blocks: BlockStore
  random(bytes: number): Uint8Array
  /** Whether this process runs programs. */
  readonly canRun: boolean
}

type Spec = Pick<JobSpec, 'assurance' | 'tasks' | 'secrets'> & { readonly comparator: Comparator }

/** Returns what a job's row says of how its results are checked; nobody else learns the secret of its draws. */
export async function checkedTerms(
  spec: Spec,
  { blocks, random, canRun }: CheckedBy,
): Promise<Pick<JobRow, 'k' | 'n' | 'first' | 'checks'>> {
  const assurance = assuranceOf(spec.assurance)
  const { k, n, first } = quorumOf(assurance)
  const quorum = first === undefined ? { k, n } : { k, n, first }
  const audited = assurance.kind === 'audit'
  if (assurance.kind === 'none') return quorum
  const here = canRun && (await canExecuteHere(spec, blocks))
  if (!audited && !here) return quorum
  return { ...quorum, checks: { secret: toHex(random(SECRET_LENGTH)), audited, here } }
}

/**
 * Tells whether this machine can execute a job's tasks and knows what must come of them: that takes an engine without
 * devices, no secrets, and, where every bit counts, programs that have one result on all machines.
 */
async function canExecuteHere(
  { tasks, secrets = [], comparator }: Omit<Spec, 'assurance'>,
  blocks: BlockStore,
): Promise<boolean> {
  if (secrets.length > 0 || tasks.length === 0) return false
  if (!tasks.every(({ engine, limits }) => ENGINES_HERE.has(engine) && limits.pages <= PAGES_HERE))
    return false
  if (comparator.kind !== 'exact') return true
  const programs = new Map(tasks.map(({ program, engine }) => [program, engine]))
  try {
    for (const [program, engine] of programs)
      await requireJudgeable(await readContent(blocks, program), engine)
    return true
  } catch {
    return false
  }
}
