/** What came first: the work, its deadline, or the caller's wish to stop. */
export type Interrupted<T> = { kind: 'done'; value: T } | { kind: 'deadline' } | { kind: 'cancelled' }

/** Waits for `work` at most `ms` milliseconds and until `signal` aborts; leaves no timer or listener behind. */
export async function interruptible<T>(
  work: Promise<T>,
  ms: number,
  signal: AbortSignal,
): Promise<Interrupted<T>> {
  if (signal.aborted) return { kind: 'cancelled' }
  const { promise: stopped, resolve: stop } = Promise.withResolvers<Interrupted<T>>()
  const cancel = () => stop({ kind: 'cancelled' })
  const timer = setTimeout(() => stop({ kind: 'deadline' }), ms)
  signal.addEventListener('abort', cancel, { once: true })
  try {
    return await Promise.race([work.then((value) => ({ kind: 'done', value }) as const), stopped])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', cancel)
  }
}
