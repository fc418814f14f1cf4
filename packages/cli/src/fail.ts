import { errorCode, errorMessage } from '@souk/protocol'
import { EXIT } from './exit-codes.ts'
import { wasInterrupted } from './interrupt.ts'

const BY_CODE: Readonly<Record<string, number>> = {
  FILE_MISSING: EXIT.notFound,
  NOT_WASM: EXIT.usage,
  UNKNOWN_IMPORT: EXIT.usage,
  NO_ENTRY: EXIT.usage,
  BAD_OPTION: EXIT.usage,
  BAD_AMOUNT: EXIT.usage,
  NO_OFFER: EXIT.noOffer,
  NO_LEASE: EXIT.noOffer,
  NOT_ENOUGH_BALANCE: EXIT.noMoney,
  NO_MARKET: EXIT.noMarket,
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
