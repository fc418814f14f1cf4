/** A function of an object that is computed once for each, or told. */
export interface OncePerObject<K extends object, V> {
  (key: K): V
  /** Takes a value as computed. */
  note(key: K, value: V): void
}

/** Makes `compute` remember what it gave for each object, as long as that object is in use. */
export function oncePerObject<K extends object, V>(compute: (key: K) => V): OncePerObject<K, V> {
  const known = new WeakMap<K, V>()
  const once = (key: K) => {
    const before = known.get(key)
    if (before !== undefined) return before
    const value = compute(key)
    known.set(key, value)
    return value
  }
  return Object.assign(once, { note: (key: K, value: V) => void known.set(key, value) })
}
