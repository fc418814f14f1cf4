/** Wakes everyone who waits for something to change; each looks for himself what it was. */
export class Bell {
  #next = Promise.withResolvers<void>()

  ring(): void {
    const { resolve } = this.#next
    this.#next = Promise.withResolvers<void>()
    resolve()
  }

  /** Resolves at the next ring. */
  wait(): Promise<void> {
    return this.#next.promise
  }
}
