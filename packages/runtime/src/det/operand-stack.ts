import { type FloatSites, OTHER } from './float-sites.ts'

/** An open block. */
export interface Frame {
  readonly opcode: number
  /** Values on the stack below it. */
  readonly height: number
  readonly parameters: number
  readonly results: number
  /** Whether something branches to its end. */
  isTarget: boolean
  /** Whether the code here cannot be reached, and whether the block as a whole cannot. */
  isDead: boolean
  readonly wasDead: boolean
}

/** The values on the stack of a function that is read, by what is known of their bits, and its open blocks. */
export class OperandStack {
  readonly #sites: FloatSites
  readonly #values: number[] = []
  readonly #frames: Frame[] = []

  constructor(sites: FloatSites) {
    this.#sites = sites
  }

  /** Open blocks. */
  get depth(): number {
    return this.#frames.length
  }

  /** The innermost block. */
  get top(): Frame {
    const frame = this.#frames.at(-1)
    if (frame === undefined) throw new RangeError('instructions behind the end of a function')
    return frame
  }

  /** Returns the block to which a label leads. */
  labelled(label: number): Frame {
    const frame = this.#frames.at(-1 - label)
    if (frame === undefined) throw new RangeError(`a branch to label ${label} of none`)
    return frame
  }

  push(value: number): void {
    this.#values.push(value)
  }

  /** Takes the topmost value; where the code cannot be reached there may be none. */
  pop(): number {
    if (this.#values.length <= this.top.height) return OTHER
    return this.#values.pop() ?? OTHER
  }

  /** Says that the topmost values go where their bits may be seen; they stay on the stack. */
  seeTop(count: number): void {
    const from = Math.max(this.#values.length - count, this.top.height)
    for (let i = from; i < this.#values.length; i += 1) {
      this.#sites.see(this.#values[i] ?? OTHER)
      this.#values[i] = OTHER
    }
  }

  /** Takes values that may be seen from then on. */
  giveAway(count: number): void {
    for (let i = 0; i < count; i += 1) this.#sites.see(this.pop())
  }

  pushOthers(count: number): void {
    for (let i = 0; i < count; i += 1) this.#values.push(OTHER)
  }

  /** Opens a block whose parameters were taken from the stack. */
  open(
    { opcode, parameters, results }: Pick<Frame, 'opcode' | 'parameters' | 'results'>,
    wasDead = this.#frames.at(-1)?.isDead ?? false,
  ): void {
    const height = this.#values.length
    this.#frames.push({ opcode, height, parameters, results, isTarget: false, isDead: wasDead, wasDead })
    this.pushOthers(parameters)
  }

  /** Closes the innermost block, whose results may be seen, and forgets what it had on the stack. */
  close(): Frame {
    const frame = this.top
    this.seeTop(frame.results)
    this.#frames.pop()
    this.#values.length = frame.height
    return frame
  }

  /** Notes that what follows in the innermost block cannot be reached. */
  die(): void {
    this.top.isDead = true
    this.#values.length = this.top.height
  }
}
