import { rawCid, type Task, utf8 } from '@souk/protocol'
import { attemptTask } from '../job-checkpoints.ts'
import { taskOf } from './parties.ts'

/** Steps of a program that saves after each. */
export const STEPS = 6

/** Returns the checkpoint of a task after so many steps: the same on every honest machine. */
export function savedAt(index: number, step: number): string {
  return rawCid(utf8(`task ${index} after ${step}`))
}

/** Returns how many steps are done where a task goes on from this checkpoint; 0 from the beginning. */
export function stepOf(index: number, checkpoint: string | null): number {
  return Math.max(0, stepsOf(index).indexOf(checkpoint ?? '') + 1)
}

/** Returns every task that honest attempts at task `index` may have run: it, and it from each checkpoint. */
export function variantsOf(index: number): Task[] {
  return [null, ...stepsOf(index)].map((checkpoint) => attemptTask(taskOf(index), checkpoint))
}

function stepsOf(index: number): string[] {
  return Array.from({ length: STEPS }, (_, i) => savedAt(index, i + 1))
}
