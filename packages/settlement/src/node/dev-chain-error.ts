import { SoukError } from '@souk/protocol'

/** Why the development chain is not there. */
export class DevChainError extends SoukError<
  | { code: 'NO_ANVIL'; package: string }
  | { code: 'PORT_IN_USE'; port: number }
  | { code: 'START_FAILED'; reason: string }
> {}
