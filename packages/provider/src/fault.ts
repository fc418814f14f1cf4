import { SoukError, sha256, utf8 } from '@souk/protocol'

/** A fault that an operator switched on, to see the market deal with it. */
export interface Fault {
  /** Tells whether the result of this attempt is falsified; the same answer every time it is asked. */
  falsifies(attempt: string): boolean
  /** Whether proofs of GPUs are of another product than was asked for. */
  readonly forgesProofs: boolean
}

/** The fault switch was misused. */
export class FaultError extends SoukError<{ code: 'NOT_A_DEV_NETWORK' | 'BAD_FAULT' }> {}

/**
 * Reads a fault switch such as `wrong-result:0.5`, the share of attempts whose result is falsified, or `wrong-proof`.
 *
 * Throws {@link FaultError} `NOT_A_DEV_NETWORK` on any other network, so that no real provider lies by accident.
 */
export function parseFault(text: string, isDev: boolean): Fault {
  if (!isDev) {
    throw new FaultError(
      'expected a development network for a fault switch, got a real one; remove --fault',
      {
        code: 'NOT_A_DEV_NETWORK',
      },
    )
  }
  if (text === 'wrong-proof') return { falsifies: () => false, forgesProofs: true }
  const match = /^wrong-result(?::(0(?:\.\d+)?|1(?:\.0+)?))?$/.exec(text)
  if (match === null) {
    throw new FaultError(
      `expected wrong-proof, wrong-result or wrong-result:SHARE with a share from 0 to 1, got ${text}`,
      {
        code: 'BAD_FAULT',
      },
    )
  }
  const share = Number(match[1] ?? 1)
  return { falsifies: (attempt) => (sha256(utf8(attempt))[0] ?? 0) < share * 256, forgesProofs: false }
}
