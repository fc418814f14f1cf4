/**
 * Tells whether a dial failed because nothing listens there: the process is gone, its machine is not.
 *
 * With several addresses, each must have been refused.
 */
export function isRefused(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if ('code' in error && error.code === 'ECONNREFUSED') return true
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.every(isRefused)
  if (error.cause !== undefined) return isRefused(error.cause)
  return error.message.includes('ECONNREFUSED')
}
