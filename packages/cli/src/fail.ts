import { errorCode, errorMessage } from '@souk/protocol'
import { EXIT } from './exit-codes.ts'
import { wasInterrupted } from './interrupt.ts'

const BY_CODE: Readonly<Record<string, number>> = {
  FILE_MISSING: EXIT.notFound,
  FILE_UNREADABLE: EXIT.notFound,
  NOT_A_FILE: EXIT.usage,
  NO_FILES: EXIT.notFound,
  TOO_MANY_FILES: EXIT.usage,
  BAD_NAME: EXIT.usage,
  NAME_TWICE: EXIT.usage,
  NO_DIGEST: EXIT.usage,
  BAD_SOURCE: EXIT.usage,
  NOT_IN_IPFS: EXIT.notFound,
  NOT_WASM: EXIT.usage,
  UNKNOWN_IMPORT: EXIT.usage,
  NO_ENTRY: EXIT.usage,
  NO_COMPILER: EXIT.notFound,
  COMPILE_FAILED: EXIT.usage,
  IMAGE_NOT_PINNED: EXIT.usage,
  BAD_KERNEL_SPEC: EXIT.usage,
  BAD_KERNEL: EXIT.usage,
  BAD_OPTION: EXIT.usage,
  BAD_SPEC: EXIT.usage,
  BAD_AMOUNT: EXIT.usage,
  NO_OFFER: EXIT.noOffer,
  NO_LEASE: EXIT.noOffer,
  NOT_RESERVED: EXIT.noOffer,
  UNKNOWN_RESERVATION: EXIT.notFound,
  NO_DEVICE_CLASS: EXIT.noOffer,
  BAD_REPLICAS: EXIT.usage,
  BAD_TARGET: EXIT.usage,
  BAD_BUDGET: EXIT.usage,
  DEADLINE_PAST: EXIT.usage,
  POOL_TOO_SMALL: EXIT.usage,
  BUDGET_TOO_SMALL: EXIT.noMoney,
  AVAILABILITY_SHORT: EXIT.noOffer,
  BAD_DOMAINS: EXIT.usage,
  TOO_MANY_DOMAINS: EXIT.usage,
  CANNOT_COMPARE: EXIT.usage,
  NOT_ENOUGH_BALANCE: EXIT.noMoney,
  NOT_ENOUGH_TOKENS: EXIT.noMoney,
  NOT_ENOUGH_FREE: EXIT.noMoney,
  NO_GAS_MONEY: EXIT.noMoney,
  NO_MARKET: EXIT.noMarket,
  NO_AGENT: EXIT.noMarket,
  NO_PLACE: EXIT.notFound,
  AMBIGUOUS_PLACE: EXIT.usage,
  NO_SUCH_PATH: EXIT.notFound,
  NETWORK_FILE_MISSING: EXIT.noMarket,
  NETWORK_FILE_MALFORMED: EXIT.usage,
  BAD_ADDRESS: EXIT.usage,
  BAD_KEY: EXIT.usage,
  BAD_EXPIRY: EXIT.usage,
  BAD_CONSENT: EXIT.usage,
  MALFORMED_KEYSTORE: EXIT.usage,
  KEYSTORE_TOO_COSTLY: EXIT.usage,
  KEYSTORE_MISSING: EXIT.notFound,
  SECRET_MISSING: EXIT.notFound,
  BAD_SECRET: EXIT.usage,
  BAD_SECRETS: EXIT.usage,
  SECRETS_REFUSED: EXIT.usage,
  PASSWORD_FILE_MISSING: EXIT.password,
  WRONG_PASSWORD: EXIT.password,
  PASSWORD_NEEDED: EXIT.password,
  PASSWORDS_DIFFER: EXIT.password,
  WEAK_PASSWORD: EXIT.password,
  NO_TOKEN: EXIT.noChain,
  NOT_A_TOKEN: EXIT.noChain,
  NO_BLOCK_HASHES: EXIT.noChain,
  RPC_UNAVAILABLE: EXIT.noChain,
  WRONG_CHAIN: EXIT.noChain,
  NO_ESCROW: EXIT.noChain,
}

/** Returns the exit code of an error. */
export function exitCodeOf(error: unknown): number {
  return BY_CODE[errorCode(error)] ?? EXIT.failed
}

/** Says what went wrong on standard error and ends the process with the error's exit code. */
export function failWith(error: unknown): never {
  if (wasInterrupted()) {
    process.stderr.write('souk: stopped; nothing is left running\n')
    process.exit(EXIT.interrupted)
  }
  process.stderr.write(`souk: ${errorMessage(error)} [${errorCode(error)}]\n`)
  process.exit(exitCodeOf(error))
}
