import { SoukError } from '@souk/protocol'

/** A job that cannot start. */
export class JobError extends SoukError<
  | { code: 'CHAIN_UNAVAILABLE' }
  | { code: 'MISSING_CONTENT'; cid: string }
  | { code: 'NO_LEASE'; reasons: string[] }
> {}
