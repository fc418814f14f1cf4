import { SoukError } from '@souk/protocol'

/** Why a stake cannot be put up or taken back. */
export class WatchError extends SoukError<
  | { code: 'TAKEN'; key: string; owner: string }
  | { code: 'BAD_CONSENT'; key: string; account: string }
  | { code: 'NOT_STAKED'; key: string }
  | { code: 'TOO_EARLY'; key: string; leaveBlock: number; head: number }
> {}
