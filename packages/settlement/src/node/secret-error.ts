import { SoukError } from '@souk/protocol'

/** A secret that cannot be kept or had; never says what it holds. */
export class SecretError extends SoukError<
  | { code: 'SECRET_MISSING'; name: string }
  | { code: 'BAD_SECRET'; expected: string }
  | { code: 'SECRET_DAMAGED'; file: string }
> {}
