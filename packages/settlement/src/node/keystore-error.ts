import { SoukError } from '@souk/protocol'

/** Why a keystore does not give its key. */
export class KeystoreError extends SoukError<
  | { code: 'WRONG_PASSWORD'; where: string }
  | { code: 'MALFORMED_KEYSTORE'; where: string; expected: string }
  | { code: 'KEYSTORE_TOO_COSTLY'; where: string; asked: string }
  | { code: 'KEYSTORE_EXISTS'; where: string }
  | { code: 'KEYSTORE_MISSING'; where: string }
  | { code: 'PASSWORD_FILE_MISSING'; where: string }
> {}
