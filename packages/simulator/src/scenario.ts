/** All that happens in one simulated market, apart from what its seed draws: pure data. */
export interface Scenario {
  readonly family: string
  readonly seed: number
  readonly tasks: number
  /** The quorum: k equal results of at most n. */
  readonly k: number
  readonly n: number
  readonly sellers: number
  /** Attempts that each lease takes at the same time. */
  readonly credit: number
  /** How many times longer programs take than the shortest kind, which takes up to 1.5 s. */
  readonly pace: number
  /** Programs save after each of their steps, and go on from there. */
  readonly saves: boolean
  readonly link: LinkPlan
  readonly chain: ChainPlan
  readonly cheats: readonly Cheat[]
  readonly faults: readonly Fault[]
  /** Failure domains of each provider as its requester knows them; one of its own where none is given. */
  readonly domains: readonly string[]
  readonly allows: Allowed
}

/** What a scenario may bring about that no other may. */
export interface Allowed {
  /** Wrong results are accepted: as many colluders as the quorum takes. */
  readonly wrong?: true
  /** The job does not end: its requester never comes back. */
  readonly unfinished?: true
  /** A lease ends because its opening, and with it every voucher beyond the first seconds, has to wait for the chain. */
  readonly unpaid?: true
  /** Peers that live are called dead: links lose more than the detector is made for, or its helpers lie. */
  readonly falseDeaths?: true
}

/** How every connection behaves. Streams are reliable: what is lost on the way comes later. */
export interface LinkPlan {
  readonly latencyMs: number
  /** Most that is added to the latency of a frame. */
  readonly jitterMs: number
  readonly bytesPerSecond: number
  /** Share of time, per cent, in which a link loses everything, in bursts of about `burstMs`. */
  readonly lossPercent: number
  readonly burstMs: number
}

export interface ChainPlan {
  readonly blockMs: number
  /** Blocks after a lease's end in which vouchers still count. */
  readonly settleBlocks: number
  /** Blocks of a lease. */
  readonly leaseBlocks: number
  /** Seconds from a quote until it can no longer be opened. */
  readonly openSeconds: number
}

/** What a provider does wrong on purpose; `who` is its number, from 1. */
export type Cheat =
  /** Gives the wrong output of its hand: providers of one hand agree with each other. */
  | { readonly kind: 'wrong'; readonly who: number; readonly hand: number }
  /** Says that it runs this share of its attempts, per cent, and never does. */
  | { readonly kind: 'idle'; readonly who: number; readonly percent: number }
  /** Takes so many times longer than others. */
  | { readonly kind: 'slow'; readonly who: number; readonly times: number }
  /** Says that it does not reach whoever it is asked about. */
  | { readonly kind: 'slander'; readonly who: number }
  /** Fails this share of its attempts, per cent. */
  | { readonly kind: 'fail'; readonly who: number; readonly percent: number }

/** Something that goes wrong at a moment; `who` is 0 for the requester, else the number of a provider. */
export type Fault = {
  readonly atMs: number
  readonly who: number
} & (
  | {
      /** The process ends after so many more effects; `downMs` later it starts again, or never. */
      readonly kind: 'kill'
      readonly effects: number
      readonly downMs: number | null
      /** The machine goes with it: nobody is told, and what was not synced may be gone. */
      readonly power: boolean
    }
  /** The process stands still (SIGSTOP). */
  | { readonly kind: 'stop'; readonly forMs: number }
  /** Its clock jumps ahead. */
  | { readonly kind: 'clock'; readonly byMs: number }
  /** Its connections break. */
  | { readonly kind: 'cut' }
  /** Nothing of what it sends (`from`), of what it is sent (`to`), or of both comes through. */
  | { readonly kind: 'partition'; readonly forMs: number; readonly way: 'both' | 'from' | 'to' }
  /** Its disk is full: it ends when it writes, and starts again when there is room. */
  | { readonly kind: 'full'; readonly forMs: number }
  /** It hears nothing from the chain. */
  | { readonly kind: 'deaf'; readonly forMs: number }
  /** The chain makes no blocks; `who` says nothing. */
  | { readonly kind: 'stall'; readonly forMs: number }
  /** The newest blocks give way to others; `who` says nothing. */
  | { readonly kind: 'reorg'; readonly depth: number }
  /** It is told to leave. */
  | { readonly kind: 'drain'; readonly seconds: number }
)

/** Returns the moment from which nothing goes wrong any more. */
export function faultsEndMs({ faults }: Scenario): number {
  return Math.max(0, ...faults.map((fault) => fault.atMs + lastsMs(fault)))
}

function lastsMs(fault: Fault): number {
  switch (fault.kind) {
    case 'kill':
      return fault.downMs ?? 0
    case 'clock':
      return fault.byMs
    case 'stop':
    case 'partition':
    case 'full':
    case 'deaf':
    case 'stall':
      return fault.forMs
    case 'drain':
      return fault.seconds * 1_000
    default:
      return 0
  }
}
