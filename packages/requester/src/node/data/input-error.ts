import { SoukError } from '@souk/protocol'

/** A file, folder or address that a job names cannot be used. */
export class InputError extends SoukError<
  | { code: 'FILE_MISSING'; file: string }
  | { code: 'FILE_UNREADABLE'; file: string }
  | { code: 'FILE_TOO_LARGE'; file: string; bytes: number }
  | { code: 'FILE_CHANGED'; file: string }
  | { code: 'NOT_A_FILE'; file: string }
  | { code: 'NO_FILES'; file: string }
  | { code: 'TOO_MANY_FILES'; file: string; files: number }
  | { code: 'BAD_NAME'; file: string }
  | { code: 'NAME_TWICE'; name: string }
  | { code: 'NO_DIGEST'; file: string }
  | { code: 'WRONG_DIGEST'; file: string; digest: string }
  | { code: 'DOWNLOAD_FAILED'; file: string; status: number | null }
  | { code: 'NOT_IN_IPFS'; file: string }
  | { code: 'BAD_SOURCE'; file: string }
> {}
