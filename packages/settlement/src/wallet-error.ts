import { SoukError } from '@souk/protocol'

/** Why an account cannot do what its owner asked. */
export class WalletError extends SoukError<
  | { code: 'NOT_ENOUGH_TOKENS'; account: string; needed: bigint; held: bigint }
  | { code: 'NOT_ENOUGH_FREE'; account: string; needed: bigint; free: bigint }
> {}
