import { concat } from 'uint8arrays/concat'
import { sha256 } from './content.ts'
import { type GpuProofWork, rowBytes } from './gpu-proof.ts'
import { matrixRow } from './gpu-proof-check.ts'

/** The product of a proof, row by row, as the definition says it (PROTOCOL §14.1): a slow reference for tests. */
export function referenceProduct(keys: Uint32Array, { size, rounds }: GpuProofWork): Int32Array[] {
  let product = matrixOf(keys, 0, size)
  for (let matrix = 1; matrix <= rounds; matrix++) product = times(product, matrixOf(keys, matrix, size))
  return product
}

/** Digests of rows, one behind the other. */
export function digestsOf(rows: readonly Int32Array[]): Uint8Array {
  return concat(rows.map((row) => sha256(rowBytes(row))))
}

function matrixOf(keys: Uint32Array, matrix: number, size: number): Int32Array[] {
  return Array.from({ length: size }, (_, row) => matrixRow(keys, matrix, row, size))
}

function times(left: readonly Int32Array[], right: readonly Int32Array[]): Int32Array[] {
  return left.map((row) => {
    const product = new Int32Array(row.length)
    right.forEach((other, at) => {
      addMultiple(product, row[at] ?? 0, other)
    })
    return product
  })
}

function addMultiple(sum: Int32Array, factor: number, row: Int32Array): void {
  for (let column = 0; column < row.length; column++) {
    sum[column] = ((sum[column] ?? 0) + Math.imul(factor, row[column] ?? 0)) | 0
  }
}
