import { SoukError } from '@souk/protocol'

/** A network that cannot be deployed as it was asked for. */
export class NetworkCommandError extends SoukError<
  | { code: 'NO_TOKEN'; token: string }
  | { code: 'NOT_A_TOKEN'; token: string }
  | { code: 'NO_BLOCK_HASHES'; chainId: number }
> {}
