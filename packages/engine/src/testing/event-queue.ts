/** Something that happens at a moment of virtual time; `order` tells those of one moment apart. */
export interface Later {
  readonly atMs: number
  readonly order: number
  run(): void
}

/** What is to come, the earliest first: a binary heap. */
export class EventQueue {
  readonly #heap: Later[] = []

  /** Takes in one event. */
  push(event: Later): void {
    const heap = this.#heap
    let at = heap.length
    for (; at > 0; ) {
      const up = (at - 1) >> 1
      const parent = heap[up]
      if (parent === undefined || isBefore(parent, event)) break
      heap[at] = parent
      at = up
    }
    heap[at] = event
  }

  /** Takes out the earliest event. */
  pop(): Later | undefined {
    const heap = this.#heap
    const [first] = heap
    const last = heap.pop()
    if (last !== undefined && last !== first) this.#sink(last)
    return first
  }

  #sink(event: Later): void {
    const heap = this.#heap
    let at = 0
    for (;;) {
      const [left, right] = [heap[2 * at + 1], heap[2 * at + 2]]
      if (left === undefined) break
      const isRight = right !== undefined && isBefore(right, left)
      const child = isRight ? right : left
      if (isBefore(event, child)) break
      heap[at] = child
      at = 2 * at + (isRight ? 2 : 1)
    }
    heap[at] = event
  }
}

function isBefore(a: Later, b: Later): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order)
}
