import { SoukError } from '@souk/protocol'

/** What can go wrong between two peers. */
export type NetworkErrorCode =
  | 'UNREACHABLE'
  | 'TIMEOUT'
  | 'ABORTED'
  | 'WRONG_NETWORK'
  | 'UNSUPPORTED'
  | 'STREAM_CLOSED'
  | 'QUEUE_FULL'
  | 'TOO_LARGE'
  | 'MALFORMED'
  | 'BAD_ADDRESS'
  | 'BAD_KEY'
  | 'BLOCK_MISSING'
  | 'NOT_AUTHORISED'
  | 'WRONG_CONTENT'

/** A failure of the peer-to-peer side; `peer` is the other end where there is one. */
export class NetworkError extends SoukError<{
  code: NetworkErrorCode
  peer?: string
  cid?: string
}> {}

/** Returns `error` as it is when it is typed, else a {@link NetworkError} of `code` that says `what` failed. */
export function asNetworkError(
  error: unknown,
  code: NetworkErrorCode,
  what: string,
  peer?: string,
): NetworkError {
  if (error instanceof NetworkError) return error
  const why = error instanceof Error ? error.message : String(error)
  return new NetworkError(`${what}: ${why}`, { code, ...(peer && { peer }) }, { cause: error })
}
