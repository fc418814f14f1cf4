import { type Hex, sha256, toHex, utf8 } from '@souk/protocol'
import { type AuditEffect, type AuditEvent, advanceAudit, createAuditLedger } from '../audit-ledger.ts'
import { drawAuditor } from '../audit-lot.ts'
import { seeded } from './seeded.ts'

/** How those that cheat go about it. */
export interface Strategy {
  readonly name: string
  /** Tells whether the n-th result of an account, from 0, is to be wrong; `draw` is a random number. */
  cheats(n: number, draw: number): boolean
  /** Whether they call each other's wrong results right when they audit them. */
  readonly colludes?: boolean
  /** Whether they call the right results of others wrong. */
  readonly slanders?: boolean
  /** Whether one that was convicted comes back under another account, with a stake of its own. */
  readonly returns?: boolean
}

/** One job among many accounts. Money is in the price of one second. */
export interface CheatingPlan {
  readonly strategy: Strategy
  readonly seed: number
  readonly tasks: number
  readonly accounts: number
  /** How many of them cheat. */
  readonly cheaters: number
  readonly taskSeconds: number
  /** The result bond, in seconds of price. */
  readonly stakeSeconds: number
}

/** What came of it; money is of all that cheat together. */
export interface CheatingOutcome {
  readonly results: number
  readonly audits: number
  /** Wrong results that were given. */
  readonly wrong: number
  /** Of those, what was shown and never recalled. */
  readonly accepted: number
  /** Of those, what was shown first and recalled later. */
  readonly recalled: number
  readonly convicted: number
  /** Honest accounts that were convicted. */
  readonly wronged: number
  /** What cheating brought: all of each wrong result's price, also where it was found out and run again. */
  readonly gained: number
  /** Stakes that were lost. */
  readonly lost: number
}

interface Party {
  account: Hex
  readonly cheats: boolean
  given: number
  isOut: boolean
}

/** Results are audited within so many times the length of a task. */
const AUDIT_TASKS = 3
/** Results of one account before it would be convicted and come back without end. */
const MOST_RETURNS = 1_000

/** Plays one job to its end with the real ledger. Equal plans have equal outcomes. */
export function playCheating(plan: CheatingPlan): CheatingOutcome {
  const job = new CheatedJob(plan)
  while (job.given < plan.tasks && job.workRound()) {}
  job.finish()
  return job.outcome()
}

class CheatedJob {
  readonly #plan: CheatingPlan
  readonly #random: () => number
  readonly #secret: Hex
  readonly #parties: Party[]
  readonly #ledger
  readonly #wrong = new Set<string>()
  readonly #owners = new Map<string, Party>()
  readonly #shown = new Set<string>()
  readonly #due: { atMs: number; attempt: string }[] = []
  #nowMs = 0
  #returns = 0
  #audits = 0
  #recalled = 0
  #convicted = 0
  #wronged = 0
  given = 0

  constructor(plan: CheatingPlan) {
    this.#plan = plan
    this.#random = seeded(plan.seed)
    this.#secret = toHex(sha256(utf8(`secret ${plan.seed}`)))
    this.#ledger = createAuditLedger(this.#secret)
    this.#parties = Array.from({ length: plan.accounts }, (_, i) => ({
      ...{ account: accountOf(i), cheats: i < plan.cheaters, given: 0, isOut: false },
    }))
  }

  /** Everybody that may work gives one result; tells whether there was anybody. */
  workRound(): boolean {
    this.#nowMs += this.#plan.taskSeconds * 1_000
    this.#answerAudits(this.#nowMs)
    const working = this.#parties.filter(({ isOut }) => !isOut)
    for (const party of working) if (this.given < this.#plan.tasks) this.#give(party)
    this.#post({ type: 'tick' })
    return working.length > 0
  }

  finish(): void {
    this.#post({ type: 'finished' })
    while (this.#due.length > 0) this.#answerAudits(Number.POSITIVE_INFINITY)
  }

  outcome(): CheatingOutcome {
    const { taskSeconds, stakeSeconds } = this.#plan
    return {
      ...{ results: this.given, audits: this.#audits, wrong: this.#wrong.size, recalled: this.#recalled },
      accepted: [...this.#wrong].filter((attempt) => this.#shown.has(attempt)).length,
      ...{ convicted: this.#convicted, wronged: this.#wronged },
      gained: this.#wrong.size * taskSeconds,
      lost: this.#convicted * stakeSeconds,
    }
  }

  #give(party: Party): void {
    const attempt = `job/${this.given}`
    const { strategy, taskSeconds, stakeSeconds } = this.#plan
    this.given += 1
    if (party.cheats && strategy.cheats(party.given, this.#random())) this.#wrong.add(attempt)
    party.given += 1
    this.#owners.set(attempt, party)
    const [gain, stake] = [BigInt(taskSeconds * 1_000), BigInt(stakeSeconds * 1_000)]
    this.#post({ type: 'result', attempt, account: party.account, gain, stake })
  }

  #post(event: AuditEvent): void {
    for (const effect of advanceAudit(this.#ledger, event, this.#nowMs)) this.#perform(effect)
  }

  #perform(effect: AuditEffect): void {
    switch (effect.do) {
      case 'audit':
        this.#audits += 1
        this.#due.push({
          atMs: this.#nowMs + this.#random() * AUDIT_TASKS * this.#plan.taskSeconds * 1_000,
          attempt: effect.attempt,
        })
        return
      case 'release':
        this.#shown.add(effect.attempt)
        return
      case 'recall':
        this.#shown.delete(effect.attempt)
        this.#recalled += 1
        return
      case 'convict':
        this.#expel(this.#owners.get(effect.attempt))
    }
  }

  #answerAudits(untilMs: number): void {
    const due = this.#due.filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)
    for (const audit of due) {
      this.#due.splice(this.#due.indexOf(audit), 1)
      this.#post({ type: 'audited', attempt: audit.attempt, verdict: this.#audit(audit.attempt) })
    }
  }

  /** Who audits says what it likes; where that differs from the result, we look ourselves, and one of them lied. */
  #audit(attempt: string): 'valid' | 'wrong' {
    const owner = this.#owners.get(attempt)
    const others = this.#parties.filter((party) => !party.isOut && party !== owner)
    const drawn = drawAuditor(
      this.#secret,
      attempt,
      others.map(({ account }) => account),
    )
    const auditor = others.find(({ account }) => account === drawn)
    const isWrong = this.#wrong.has(attempt)
    const { colludes = false, slanders = false } = this.#plan.strategy
    if (auditor?.cheats === true) {
      if (isWrong && colludes) return 'valid'
      if (!isWrong && slanders && owner?.cheats === false) this.#expel(auditor)
    }
    return isWrong ? 'wrong' : 'valid'
  }

  #expel(party: Party | undefined): void {
    if (party === undefined) return
    if (!party.cheats) this.#wronged += 1
    else this.#convicted += 1
    party.isOut = true
    if (!party.cheats || this.#plan.strategy.returns !== true || this.#returns >= MOST_RETURNS) return
    this.#returns += 1
    const account = accountOf(this.#plan.accounts + this.#returns)
    this.#parties.push({ account, cheats: true, given: 0, isOut: false })
  }
}

function accountOf(index: number): Hex {
  return `0x${index.toString(16).padStart(40, '0')}`
}
