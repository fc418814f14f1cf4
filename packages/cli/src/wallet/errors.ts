import { SoukError } from '@souk/protocol'

/** A wallet command that cannot do what it was asked. */
export class WalletCommandError extends SoukError<
  | { code: 'PASSWORD_NEEDED' }
  | { code: 'PASSWORDS_DIFFER' }
  | { code: 'WEAK_PASSWORD'; least: number }
  | { code: 'BAD_ADDRESS'; text: string }
  | { code: 'BAD_KEY'; where: string }
  | { code: 'BAD_EXPIRY'; text: string }
  | { code: 'OTHER_ACCOUNT'; account: string; agent: string }
  | { code: 'WALLET_BUSY'; account: string }
  | { code: 'CANNOT_SIGN'; account: string }
> {}
