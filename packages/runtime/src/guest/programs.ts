import { DetError } from '../det/det-error.ts'
import { instrument } from '../det/instrument.ts'
import type { RunRequest } from './messages.ts'
import { withSnapshots } from './snapshot.ts'
import { BadProgram } from './typed-calls.ts'

/** The programs of a runner: compiled at their first use, or why they cannot be. */
export class Programs {
  readonly #received = new Map<string, Uint8Array>()
  readonly #compiled = new Map<string, WebAssembly.Module | string>()

  /** Takes in the programs of a request, and forgets those that its sender wants forgotten. */
  update({ forget, programs }: Pick<RunRequest, 'forget' | 'programs'>): void {
    for (const key of forget) this.#delete(key)
    for (const [key, program] of programs) {
      this.#delete(key)
      this.#received.set(key, program)
    }
  }

  /**
   * Returns a compiled program, instrumented where it is metered, or why nobody can compile it. Throws what kept this
   * machine from doing so, such as a want of memory: that says nothing about the program.
   */
  get(key: string, metered: boolean): WebAssembly.Module | string {
    const known = this.#compiled.get(key)
    if (known !== undefined) return known
    const compiled = compile(this.#received.get(key) ?? new Uint8Array(), metered)
    this.#received.delete(key)
    this.#compiled.set(key, compiled)
    return compiled
  }

  #delete(key: string): void {
    this.#received.delete(key)
    this.#compiled.delete(key)
  }
}

function compile(program: Uint8Array, metered: boolean): WebAssembly.Module | string {
  try {
    return new WebAssembly.Module(metered ? instrument(program) : withSnapshots(program))
  } catch (error) {
    if (isAbout(error)) return error.message
    throw error
  }
}

/** Tells whether an error says something about the program rather than about this machine. */
function isAbout(error: unknown): error is Error {
  return error instanceof DetError || error instanceof BadProgram || error instanceof WebAssembly.CompileError
}
