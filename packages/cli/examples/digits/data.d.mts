/** A digit of MNIST: 28 rows of 28 pixels from 0 to 1. */
export interface Digit {
  readonly label: number
  readonly pixels: Float32Array
}

export const PIXELS: number
export const CLASSES: number
export function randomNumbers(seed: number): () => number
export function readDigits(): Promise<{ training: Digit[]; test: Digit[] }>
export function shuffle<T>(list: T[], random: () => number): void
