import type { FailureCode } from '@souk/protocol'

/** What keeps a kernel from having an output; carries the failure to report. */
export class KernelFault extends Error {
  readonly code: FailureCode

  constructor(code: FailureCode, message: string) {
    super(message)
    this.code = code
  }
}
