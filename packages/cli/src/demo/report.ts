import type { Hex, RuntimeName } from '@souk/protocol'

/** What one account has, in base units as decimal strings. */
export interface Money {
  readonly wallet: string
  readonly ledger: string
  readonly locked: string
}

/** A challenged result before the jury. */
export interface Dispute {
  readonly provider: string
  readonly verdict: 'right' | 'wrong' | 'undecidable'
  readonly votes: number
  /** Base units. */
  readonly slashed: string
  /** Digest of the output that was challenged. */
  readonly challenged: Hex
  /** Digest of the output that the jurors had when they executed the task again. */
  readonly executed: Hex
  /** Whether that is, to the bit, the output which the quorum had accepted. */
  readonly equalsQuorum: boolean
}

/** The demo's findings; every figure comes from the run itself. */
export interface DemoReport {
  readonly ok: boolean
  /** What ran the tasks. */
  readonly engine: RuntimeName
  /** Without installation. */
  readonly seconds: number
  readonly input: { readonly name: string; readonly bytes: number; readonly sha256: string }
  readonly output: { readonly sha256: string }
  readonly tasks: { readonly total: number; readonly verified: number; readonly rerun: number }
  readonly liar: { readonly provider: string; readonly wrongResults: number; readonly caught: number }
  readonly crash: {
    readonly provider: string
    /** Attempts that the victim had not answered, from the requester's journal. */
    readonly tasksInFlight: number
    /** From the SIGKILL until the requester knew. */
    readonly detectedMs: number
    /** From the SIGKILL until the last of those tasks was handed to another provider. */
    readonly replacedMs: number
  }
  readonly court: {
    /** The victim's, attested by its peers and paid for by its bond; amounts in base units. */
    readonly downtime: {
      readonly provider: string
      /** Slots that the court counted. */
      readonly slots: number
      /** Votes that proved them. */
      readonly votes: number
      readonly penalty: string
      readonly toRequester: string
      readonly burned: string
    }
    /** The liar's: what the jury says of the challenged result, and what it cost; `null` where no jury judges. */
    readonly dispute: Dispute | null
  }
  readonly offers: readonly { readonly provider: string; readonly via: string }[]
  readonly leases: readonly {
    readonly provider: string
    readonly negotiatedMs: number
    /** Attempts that were sent there. */
    readonly tasks: number
    /** Base units that the newest voucher promised. */
    readonly voucher: string
    /** Base units that the escrow paid out. */
    readonly paid: string
    readonly gas: string
  }[]
  readonly chain: {
    readonly transactions: number
    readonly supply: string
    readonly burned: string
    readonly conserved: boolean
    readonly balances: readonly {
      readonly account: Hex
      readonly role: string
      /** The hot key of an account has money of its own: deposits of challenges. */
      readonly isKey: boolean
      readonly before: Money
      readonly after: Money
    }[]
  }
}
