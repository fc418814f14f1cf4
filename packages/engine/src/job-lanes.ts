/** Which tasks want a replica, most urgent first: replacements, further replicas, fresh tasks. */
export interface Lanes {
  /** Task indexes in order of arrival, from `heads` on; one that has left its lane is skipped when it is reached. */
  readonly queues: readonly [number[], number[], number[]]
  readonly heads: [number, number, number]
  /** Lane that each task waits in; -1 for none. */
  laneOf: Int8Array
  /** Bit `lane` is set while the queue of that lane holds the task, wanted or not. */
  listed: Uint8Array
  /** Tasks that there are; the two above have room for more. */
  tasks: number
  /** Tasks that wait in some lane. */
  wanted: number
}

export type Lane = 0 | 1 | 2

/** Tasks looked at per lane and free place, so that one event stays cheap in a job of any size. */
const SCAN = 256
/** Passed entries that a queue keeps at most before it is cut, beyond those still waiting. */
const SLACK = 1_024

/** Puts every task into the lane of fresh ones. */
export function newLanes(tasks: number): Lanes {
  return {
    queues: [[], [], Array.from({ length: tasks }, (_, index) => index)],
    heads: [0, 0, 0],
    laneOf: new Int8Array(tasks).fill(2),
    listed: new Uint8Array(tasks).fill(1 << 2),
    tasks,
    wanted: tasks,
  }
}

/** Puts `count` further tasks into the lane of fresh ones. */
export function growLanes(lanes: Lanes, count: number): void {
  const tasks = lanes.tasks + count
  if (tasks > lanes.laneOf.length) makeRoom(lanes, 2 * tasks)
  while (lanes.tasks < tasks) fileTask(lanes, lanes.tasks++, 2)
}

function makeRoom(lanes: Lanes, room: number): void {
  const { laneOf, listed } = lanes
  lanes.laneOf = new Int8Array(room).fill(-1)
  lanes.laneOf.set(laneOf)
  lanes.listed = new Uint8Array(room)
  lanes.listed.set(listed)
}

/** Puts a task into a lane, or out of all with `null`. */
export function fileTask(lanes: Lanes, index: number, lane: Lane | null): void {
  if (lanes.laneOf[index] !== -1) lanes.wanted -= 1
  lanes.laneOf[index] = lane ?? -1
  if (lane === null) return
  lanes.wanted += 1
  if (isListed(lanes, index, lane)) return
  lanes.listed[index] = (lanes.listed[index] ?? 0) | (1 << lane)
  lanes.queues[lane].push(index)
}

/**
 * Takes the most urgent task that `fits` out of its lane; `undefined` where none was found.
 *
 * Looks at a bounded number of tasks; those that do not fit go to the back, so that the next call sees others.
 */
export function takeTask(lanes: Lanes, fits: (index: number) => boolean): number | undefined {
  return takeFrom(lanes, 0, fits) ?? takeFrom(lanes, 1, fits) ?? takeFrom(lanes, 2, fits)
}

function takeFrom(lanes: Lanes, lane: Lane, fits: (index: number) => boolean): number | undefined {
  const queue = lanes.queues[lane]
  for (let left = Math.min(SCAN, queue.length - lanes.heads[lane]); left > 0; left--) {
    const index = shift(lanes, lane)
    const isWaiting = lanes.laneOf[index] === lane
    if (isWaiting && !fits(index)) {
      queue.push(index)
      continue
    }
    lanes.listed[index] = (lanes.listed[index] ?? 0) & ~(1 << lane)
    if (!isWaiting) continue
    fileTask(lanes, index, null)
    return index
  }
  return undefined
}

function shift(lanes: Lanes, lane: Lane): number {
  const queue = lanes.queues[lane]
  const index = queue[lanes.heads[lane]++] ?? -1
  if (lanes.heads[lane] > SLACK && lanes.heads[lane] * 2 > queue.length) {
    queue.splice(0, lanes.heads[lane])
    lanes.heads[lane] = 0
  }
  return index
}

function isListed(lanes: Lanes, index: number, lane: Lane): boolean {
  return ((lanes.listed[index] ?? 0) & (1 << lane)) !== 0
}
