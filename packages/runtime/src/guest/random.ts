const MASK64 = (1n << 64n) - 1n

/**
 * Returns a filler of deterministic random bytes: xoshiro128** (Blackman and Vigna, 2018), its state the first
 * two outputs of SplitMix64 from `seed`, low words first; each 32-bit output gives four bytes, low byte
 * first, and what a call does not use is dropped. For simulations, never for secrets.
 */
export function seededRandom(seed: bigint): (target: Uint8Array) => void {
  const next = xoshiro128(stateOf(seed))
  return (target) => {
    for (let at = 0; at < target.byteLength; at += 4) {
      let word = next()
      for (let i = at; i < Math.min(at + 4, target.byteLength); i += 1) {
        target[i] = word & 0xff
        word >>>= 8
      }
    }
  }
}

function stateOf(seed: bigint): [number, number, number, number] {
  const [low, high] = [splitMix64(seed, 1n), splitMix64(seed, 2n)]
  return [Number(low & 0xffffffffn), Number(low >> 32n), Number(high & 0xffffffffn), Number(high >> 32n)]
}

/** Returns xoshiro128** from the given state of four 32-bit words. */
export function xoshiro128(state: readonly [number, number, number, number]): () => number {
  let [a, b, c, d] = state
  return () => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = rotate(d, 11)
    return result
  }
}

/** Returns the `step`-th output of SplitMix64 (Steele, Lea and Flood, 2014) that starts from `seed`. */
export function splitMix64(seed: bigint, step: bigint): bigint {
  let z = (seed + step * 0x9e3779b97f4a7c15n) & MASK64
  z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK64
  z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & MASK64
  return z ^ (z >> 31n)
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits))
}
