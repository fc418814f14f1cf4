import { type Hex, type Output, outputDigest, type Task } from '@souk/protocol'
import { outputOf } from './parties.ts'
import { variantsOf } from './saving.ts'

/** Ways in which the programs of honest providers round: more than there are providers. */
const ROUNDINGS = 8
/** Added to a rounding, for the number of an output that no liar gives. */
const NEAR = 100

/** Returns what a provider that rounds in its own way truly gives. */
export function roundedOutput(task: Task, rounding: number): Output {
  return outputOf(task, NEAR + (rounding % ROUNDINGS))
}

/** Digests of all that honest providers may give, by task. */
const honest = new Map<number, ReadonlySet<Hex>>()

/** Tells whether an honest provider may give this output of a task, wherever it began and however it rounds. */
export function isHonest(index: number, digest: Hex | null): boolean {
  const known = honest.get(index) ?? new Set(variantsOf(index).flatMap(truthsOf).map(outputDigest))
  honest.set(index, known)
  return digest !== null && known.has(digest)
}

function truthsOf(task: Task): Output[] {
  const rounded = Array.from({ length: ROUNDINGS }, (_, rounding) => roundedOutput(task, rounding))
  return [outputOf(task), ...rounded]
}

/** Tells whether a tolerance calls two outputs of a task equal: it does whatever honest providers give. */
export function isNear(index: number, a: Hex, b: Hex): boolean {
  return a === b || (isHonest(index, a) && isHonest(index, b))
}
