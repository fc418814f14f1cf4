import { SoukError, sha256, utf8 } from '@souk/protocol'

/** A fault that an operator switched on, to see the market deal with it. */
export interface Fault {
  /** Tells whether the result of this attempt is falsified; the same answer every time it is asked. */
  falsifies(attempt: string): boolean
  /** Whether proofs of GPUs are of another product than was asked for. */
  readonly forgesProofs: boolean
  /** Whether attempts are taken, beats go on, and nothing is ever executed. */
  readonly idles: boolean
  /** Whether every attempt tells of a checkpoint that nobody saved. */
  readonly inventsCheckpoints: boolean
}

/** The fault switch was misused. */
export class FaultError extends SoukError<{ code: 'NOT_A_DEV_NETWORK' | 'BAD_FAULT' }> {}

const NONE: Fault = { falsifies: () => false, forgesProofs: false, idles: false, inventsCheckpoints: false }
const BY_NAME: Readonly<Record<string, Fault>> = {
  'wrong-proof': { ...NONE, forgesProofs: true },
  idle: { ...NONE, idles: true },
  'wrong-checkpoint': { ...NONE, inventsCheckpoints: true },
}

/**
 * Reads a fault switch such as `wrong-result:0.5`, the share of attempts whose result is falsified, `wrong-proof`,
 * `idle` or `wrong-checkpoint`.
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
  const named = Object.hasOwn(BY_NAME, text) ? BY_NAME[text] : undefined
  if (named !== undefined) return named
  const match = /^wrong-result(?::(0(?:\.\d+)?|1(?:\.0+)?))?$/.exec(text)
  if (match === null) {
    throw new FaultError(
      `expected wrong-proof, idle, wrong-checkpoint, wrong-result or wrong-result:SHARE with a share from 0 to 1, got ${text}`,
      {
        code: 'BAD_FAULT',
      },
    )
  }
  const share = Number(match[1] ?? 1)
  return { ...NONE, falsifies: (attempt) => (sha256(utf8(attempt))[0] ?? 0) < share * 256 }
}
