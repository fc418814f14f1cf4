import { SoukError } from '@souk/protocol'

/** Everything that can go wrong with stored data, by code. */
export type StorageErrorData =
  | { readonly code: 'FOLDER_LOCKED'; readonly path: string; readonly ownerPid: number | null }
  | { readonly code: 'NOT_FOUND'; readonly path: string }
  | { readonly code: 'UNSUPPORTED_VERSION'; readonly path: string; readonly version: number }
  | { readonly code: 'DISK_FULL'; readonly path: string }
  | { readonly code: 'CORRUPT'; readonly path: string }
  | { readonly code: 'IO'; readonly path: string }
  | { readonly code: 'CLOSED'; readonly path: string }
  | { readonly code: 'BAD_ROW'; readonly table: string; readonly key: string }
  | { readonly code: 'STORE_FULL'; readonly bytes: number; readonly maxBytes: number }
  | { readonly code: 'MISSING_BLOCKS'; readonly missing: readonly string[] }
  | { readonly code: 'MALFORMED_CONTENT'; readonly cid: string }
  | { readonly code: 'TOO_LARGE'; readonly cid: string; readonly bytes: number; readonly maxBytes: number }

/** A journal, block store or data folder that could not do what it was asked. */
export class StorageError extends SoukError<StorageErrorData> {}

/** Returns the error of using a store after its `close`. */
export function closedError(path: string): StorageError {
  return new StorageError(`expected ${path} to be open, but it was closed; open it again`, {
    code: 'CLOSED',
    path,
  })
}
