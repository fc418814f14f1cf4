/** Returns at most `most` of the whole numbers from `first` to `last`, each as likely, in rising order. */
export function sampleNumbers(
  first: number,
  last: number,
  most: number,
  random: (bytes: number) => Uint8Array,
): number[] {
  const all = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i)
  for (let left = all.length; left > most; left--) all.splice(below(left, random), 1)
  return all
}

/** Returns a whole number from 0 to `count` − 1; four bytes leave no bias that matters in so few. */
function below(count: number, random: (bytes: number) => Uint8Array): number {
  const bytes = random(4)
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0) % count
}
