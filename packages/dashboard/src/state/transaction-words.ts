import type { Outcome } from './stored-transaction.ts'

/** Where one action of a form stands before its transaction is on the chain. */
export type Progress =
  | { readonly stage: 'idle' }
  | { readonly stage: 'checking' }
  | { readonly stage: 'permit' }
  | { readonly stage: 'approving' }
  | { readonly stage: 'confirming' }
  | { readonly stage: 'sent'; readonly hash: string }
  | { readonly stage: 'stopped'; readonly sentence: string; readonly calm: boolean }

/** Says where an action stands. */
export function progressSentence(progress: Progress): string {
  switch (progress.stage) {
    case 'idle':
      return ''
    case 'checking':
      return 'Checking with the chain…'
    case 'permit':
      return 'Waiting for your signature in the wallet. It allows this one deposit and costs nothing.'
    case 'approving':
      return 'Confirm two transactions in the wallet: first an approval of this amount, then the deposit.'
    case 'confirming':
      return 'Waiting for you to confirm the transaction in the wallet.'
    case 'sent':
      return 'Sent. Waiting for the chain to take it up.'
    case 'stopped':
      return progress.sentence
  }
}

/** Tells whether an action is under way, so that its form must wait. */
export function isBusy({ stage }: Progress): boolean {
  return stage !== 'idle' && stage !== 'stopped' && stage !== 'sent'
}

/** Says what became of a transaction. */
export function outcomeSentence(outcome: Outcome): string {
  switch (outcome.state) {
    case 'sent':
      return 'sent, waiting for a block'
    case 'mined':
      return `done, in block ${outcome.block}`
    case 'failed':
      return `failed in block ${outcome.block}: ${outcome.reason}`
    case 'replaced':
      return 'replaced: your wallet sent another transaction in its place, so this one has no effect'
  }
}
