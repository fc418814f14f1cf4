import { type GpuProofWork, mix, rowNumbers, rowStart, STEP } from './gpu-proof.ts'

/** Random vectors that rows are multiplied with: a wrong row passes all of them once in 2⁴ times at the most. */
const VECTORS = 4
/** Numbers of a matrix between two pauses: below a millisecond of one core. */
const NUMBERS_PER_PAUSE = 131_072

/** Bytes of randomness that {@link prepareCheck} takes; the prover must not know them when it commits. */
export function checkBytes({ size }: GpuProofWork): number {
  return 4 * VECTORS * size
}

/** What rows are checked with. */
export interface ProofCheck {
  readonly work: GpuProofWork
  readonly keys: Uint32Array
  /** The random vectors. */
  readonly vectors: readonly Int32Array[]
  /** The product of all matrices but the first with each of them. */
  readonly products: readonly Int32Array[]
}

/**
 * Makes what the rows of one proof are checked with, after Freivalds (1977): instead of the product of the matrices,
 * that of each with a few vectors. Pauses after every {@link NUMBERS_PER_PAUSE} numbers, so that its caller can let
 * others work.
 *
 * A row that differs from the true one by d passes a random vector r only where d · r = 0 modulo 2³², which is once in
 * two times at the most.
 */
export function* prepareCheck(
  keys: Uint32Array,
  work: GpuProofWork,
  random: Uint8Array,
): Generator<void, ProofCheck> {
  const vectors = Array.from({ length: VECTORS }, (_, at) =>
    rowNumbers(random.subarray(4 * work.size * at, 4 * work.size * (at + 1))),
  )
  let products = vectors
  for (let matrix = work.rounds; matrix > 0; matrix--) {
    products = yield* timesVectors(keys, matrix, products, work.size)
  }
  return { work, keys, vectors, products }
}

/** Tells whether `values` can be row `row` of the product. */
export function isRowRight(
  { work, keys, vectors, products }: ProofCheck,
  row: number,
  values: Uint8Array,
): boolean {
  const { size } = work
  if (values.byteLength !== 4 * size || row >= size) return false
  const said = rowNumbers(values)
  const first = matrixRow(keys, 0, row, size)
  return vectors.every((vector, at) => dot(said, vector) === dot(first, products[at] ?? vector))
}

/** Operations of checking `rows` rows, one for each on integers, to compare with twice `proofOperations`. */
export function checkOperations({ size, rounds }: GpuProofWork, rows: number): number {
  const perNumber = 10 + 2 * VECTORS
  return size ** 2 * rounds * perNumber + rows * size * (10 + 4 * VECTORS)
}

/** Returns a row of one of the matrices. */
export function matrixRow(keys: Uint32Array, matrix: number, row: number, size: number): Int32Array {
  const start = rowStart(keys, matrix, row)
  return Int32Array.from({ length: size }, (_, column) => mix((start + Math.imul(column + 1, STEP)) | 0))
}

function* timesVectors(
  keys: Uint32Array,
  matrix: number,
  vectors: readonly Int32Array[],
  size: number,
): Generator<void, Int32Array[]> {
  const products = vectors.map(() => new Int32Array(size))
  const rows = Math.ceil(NUMBERS_PER_PAUSE / size)
  for (let row = 0; row < size; row++) {
    rowTimesVectors(rowStart(keys, matrix, row), vectors, row, products)
    if (row % rows === rows - 1) yield
  }
  return products
}

/** The inner loop: mixes a row's numbers and multiplies them with all vectors at once. */
function rowTimesVectors(
  start: number,
  [a = EMPTY, b = EMPTY, c = EMPTY, d = EMPTY]: readonly Int32Array[],
  row: number,
  products: readonly Int32Array[],
): void {
  let [word, sumA, sumB, sumC, sumD] = [start, 0, 0, 0, 0]
  for (let column = 0; column < a.length; column++) {
    word = (word + STEP) | 0
    let x = Math.imul(word ^ (word >>> 16), 0x85ebca6b)
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35)
    x ^= x >>> 16
    sumA = (sumA + Math.imul(x, a[column] ?? 0)) | 0
    sumB = (sumB + Math.imul(x, b[column] ?? 0)) | 0
    sumC = (sumC + Math.imul(x, c[column] ?? 0)) | 0
    sumD = (sumD + Math.imul(x, d[column] ?? 0)) | 0
  }
  for (const [at, sum] of [sumA, sumB, sumC, sumD].entries()) {
    const product = products[at]
    if (product !== undefined) product[row] = sum
  }
}

const EMPTY = new Int32Array()

function dot(one: Int32Array, other: Int32Array): number {
  let sum = 0
  for (let at = 0; at < one.length; at++) sum = (sum + Math.imul(one[at] ?? 0, other[at] ?? 0)) | 0
  return sum
}
