/**
 * Bounds a question to the system: a disk in trouble may never answer, and each question would take one more thread.
 * Returns what asks: `null` where no answer comes within `lateMs`; the next asks nothing anew while one is under way.
 * What the question throws comes through.
 */
export function boundedAsk<T>(ask: () => Promise<T>, lateMs: number): () => Promise<T | null> {
  let underWay: Promise<T> | null = null
  return async () => {
    const late = Promise.withResolvers<null>()
    const timer = setTimeout(() => late.resolve(null), lateMs)
    underWay ??= ask().finally(() => {
      underWay = null
    })
    try {
      return await Promise.race([underWay, late.promise])
    } finally {
      clearTimeout(timer)
    }
  }
}
