import { outcomeSentence, type Progress, progressSentence } from '../state/transaction-words.ts'
import { useSession } from './session.tsx'

/** Says where a form's action stands, first in the wallet, then on the chain. Its place is kept while empty. */
export function ProgressLine({ progress }: { progress: Progress }) {
  const { transactions } = useSession()
  const sent = progress.stage === 'sent' ? transactions.find(({ hash }) => hash === progress.hash) : undefined
  const known = sent !== undefined && sent.outcome.state !== 'sent'
  const bad = known ? sent.outcome.state === 'failed' : progress.stage === 'stopped' && !progress.calm
  const done = known && sent.outcome.state === 'mined'
  return (
    <p className={`status${bad ? ' bad' : ''}${done ? ' good' : ''}`} role="status">
      {known ? capital(`${outcomeSentence(sent.outcome)}.`) : progressSentence(progress)}
    </p>
  )
}

function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1)
}
