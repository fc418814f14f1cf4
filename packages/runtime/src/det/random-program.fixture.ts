import fc from 'fast-check'
import { i32, leb, T, type TestFunction } from './module.fixture.ts'

/**
 * Random programs of integers, and what they do according to a slow reference: an interpreter of their trees that
 * counts what `wasm-det/1` counts.
 */
export type Statement =
  | { readonly kind: 'set'; readonly local: number; readonly to: Expression }
  | { readonly kind: 'store'; readonly at: number; readonly value: Expression }
  | { readonly kind: 'if'; readonly test: Expression; readonly yes: Body; readonly no: Body | null }
  /** Repeats until its own counter, a local that nothing else writes, is `times`. */
  | { readonly kind: 'loop'; readonly times: number; readonly body: Body }
  /** A block that is left early if the test holds. */
  | { readonly kind: 'block'; readonly test: Expression; readonly before: Body; readonly after: Body }
  | { readonly kind: 'switch'; readonly on: Expression; readonly first: Body; readonly second: Body }
  | { readonly kind: 'call' }
  | { readonly kind: 'return'; readonly test: Expression }
  | { readonly kind: 'nop' }

export type Body = readonly Statement[]

export type Expression =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'local'; readonly local: number }
  | { readonly kind: 'load'; readonly at: number }
  | {
      readonly kind: 'binary'
      readonly opcode: number
      readonly left: Expression
      readonly right: Expression
    }

const LOCALS = 4
const WORDS = 8
const OPERATIONS: ReadonlyMap<number, (a: number, b: number) => number> = new Map([
  [0x6a, (a, b) => a + b],
  [0x6b, (a, b) => a - b],
  [0x6c, (a, b) => Math.imul(a, b)],
  [0x71, (a, b) => a & b],
  [0x73, (a, b) => a ^ b],
  [0x48, (a, b) => Number(a < b)],
])

const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 3 },
    fc.record({ kind: fc.constant('constant' as const), value: fc.integer({ min: -9, max: 99 }) }),
    fc.record({ kind: fc.constant('local' as const), local: fc.nat(LOCALS - 1) }),
    fc.record({ kind: fc.constant('load' as const), at: fc.nat(WORDS - 1) }),
    fc.record({
      kind: fc.constant('binary' as const),
      opcode: fc.constantFrom(...OPERATIONS.keys()),
      left: tie('expression'),
      right: tie('expression'),
    }),
  ),
}))

const { body } = fc.letrec<{ statement: Statement; body: Body }>((tie) => ({
  body: fc.array(tie('statement'), { maxLength: 4 }),
  statement: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constant({ kind: 'nop' as const }),
    fc.record({ kind: fc.constant('set' as const), local: fc.nat(LOCALS - 1), to: expression }),
    fc.record({ kind: fc.constant('store' as const), at: fc.nat(WORDS - 1), value: expression }),
    fc.record({ kind: fc.constant('call' as const) }),
    fc.record({ kind: fc.constant('return' as const), test: expression }),
    fc.record({
      kind: fc.constant('if' as const),
      test: expression,
      yes: tie('body'),
      no: fc.option(tie('body')),
    }),
    fc.record({
      kind: fc.constant('loop' as const),
      times: fc.integer({ min: 1, max: 4 }),
      body: tie('body'),
    }),
    fc.record({
      kind: fc.constant('block' as const),
      test: expression,
      before: tie('body'),
      after: tie('body'),
    }),
    fc.record({
      kind: fc.constant('switch' as const),
      on: expression,
      first: tie('body'),
      second: tie('body'),
    }),
  ),
}))

/** Functions of a program; each calls the one behind it, the last none. */
export const programs = fc.array(body, { minLength: 1, maxLength: 3 })

/** Returns the functions in binary form. */
export function compile(bodies: readonly Body[]): TestFunction[] {
  return bodies.map((each, i) => {
    const compiler = new Compiler(i + 1 < bodies.length ? i + 1 : null)
    const code = compiler.body(each)
    return { locals: new Array<number>(LOCALS + compiler.counters).fill(T.i32), body: code }
  })
}

class Compiler {
  readonly #next: number | null
  counters = 0

  constructor(next: number | null) {
    this.#next = next
  }

  body(statements: Body): number[] {
    return statements.flatMap((statement) => this.#statement(statement))
  }

  #statement(statement: Statement): number[] {
    switch (statement.kind) {
      case 'nop':
        return [0x01]
      case 'set':
        return [...expressionCode(statement.to), 0x21, statement.local]
      case 'store':
        return [...i32(4 * statement.at), ...expressionCode(statement.value), 0x36, 2, 0]
      case 'call':
        return this.#next === null ? [0x01] : [0x10, ...leb(this.#next)]
      case 'return':
        return [...expressionCode(statement.test), 0x04, 0x40, 0x0f, 0x0b]
      case 'if':
        return [
          ...[...expressionCode(statement.test), 0x04, 0x40, ...this.body(statement.yes)],
          ...(statement.no ? [0x05, ...this.body(statement.no)] : []),
          0x0b,
        ]
      case 'loop': {
        const counter = leb(LOCALS + this.counters++)
        return [
          ...[...i32(0), 0x21, ...counter, 0x03, 0x40, ...this.body(statement.body)],
          ...[
            0x20,
            ...counter,
            ...i32(1),
            0x6a,
            0x22,
            ...counter,
            ...i32(statement.times),
            0x48,
            0x0d,
            0,
            0x0b,
          ],
        ]
      }
      case 'block':
        return [
          ...[0x02, 0x40, ...this.body(statement.before), ...expressionCode(statement.test), 0x0d, 0],
          ...[...this.body(statement.after), 0x0b],
        ]
      case 'switch':
        return [
          ...[0x02, 0x40, 0x02, 0x40, ...expressionCode(statement.on), 0x0e, 1, 0, 1, 0x0b],
          ...[...this.body(statement.first), 0x0b, ...this.body(statement.second)],
        ]
    }
  }
}

function expressionCode(expression: Expression): number[] {
  switch (expression.kind) {
    case 'constant':
      return i32(expression.value)
    case 'local':
      return [0x20, expression.local]
    case 'load':
      return [...i32(4 * expression.at), 0x28, 2, 0]
    case 'binary':
      return [...expressionCode(expression.left), ...expressionCode(expression.right), expression.opcode]
  }
}

/** Thrown by the interpreter where it has counted too much. */
export class TooLong extends Error {}
class Returned extends Error {}

/** Executes a program by its trees. */
export class Interpreter {
  readonly words = new Int32Array(WORDS)
  readonly #bodies: readonly Body[]
  readonly #most: number
  steps = 0

  constructor(bodies: readonly Body[], most: number) {
    this.#bodies = bodies
    this.#most = most
  }

  run(index = 0): void {
    const locals = new Int32Array(LOCALS)
    try {
      this.#body(this.#bodies[index] ?? [], locals, index)
    } catch (error) {
      if (!(error instanceof Returned)) throw error
    }
  }

  #count(steps: number): void {
    this.steps += steps
    if (this.steps > this.#most) throw new TooLong()
  }

  #body(body: Body, locals: Int32Array, index: number): void {
    for (const statement of body) this.#statement(statement, locals, index)
  }

  #statement(statement: Statement, locals: Int32Array, index: number): void {
    const body = (statements: Body) => this.#body(statements, locals, index)
    const value = (expression: Expression) => this.#value(expression, locals)
    switch (statement.kind) {
      case 'nop':
        this.#count(1)
        return
      case 'set':
        locals[statement.local] = value(statement.to)
        this.#count(1)
        return
      case 'store':
        this.#count(2)
        this.words[statement.at] = value(statement.value)
        return
      case 'call':
        this.#count(1)
        if (index + 1 < this.#bodies.length) this.run(index + 1)
        return
      case 'return':
        this.#count(1)
        if (value(statement.test) === 0) return
        this.#count(1)
        throw new Returned()
      case 'if':
        this.#count(1)
        if (value(statement.test) !== 0) body(statement.yes)
        else body(statement.no ?? [])
        return
      case 'loop':
        this.#count(2)
        for (let i = 0; i < statement.times; i += 1) {
          this.#count(1)
          body(statement.body)
          // What counts and repeats.
          this.#count(7)
        }
        return
      case 'block':
        this.#count(1)
        body(statement.before)
        this.#count(1)
        if (value(statement.test) === 0) body(statement.after)
        return
      case 'switch':
        this.#count(3)
        if (value(statement.on) === 0) body(statement.first)
        body(statement.second)
    }
  }

  #value(expression: Expression, locals: Int32Array): number {
    switch (expression.kind) {
      case 'constant':
        this.#count(1)
        return expression.value
      case 'local':
        this.#count(1)
        return locals[expression.local] ?? 0
      case 'load':
        this.#count(2)
        return this.words[expression.at] ?? 0
      case 'binary': {
        const [left, right] = [this.#value(expression.left, locals), this.#value(expression.right, locals)]
        this.#count(1)
        return (OPERATIONS.get(expression.opcode)?.(left, right) ?? 0) | 0
      }
    }
  }
}
