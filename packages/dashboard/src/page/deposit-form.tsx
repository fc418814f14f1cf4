import { formatAmount } from '@souk/market'
import { type SubmitEvent, useState } from 'react'
import { deposit } from '../chain/deposit.ts'
import { readAmount } from '../state/form-input.ts'
import { Field } from './field.tsx'
import { ProgressLine } from './progress-line.tsx'
import { useSession } from './session.tsx'
import { useAction } from './use-action.ts'

/** Moves tokens from the wallet into the escrow. */
export function DepositForm() {
  const { tools, view } = useSession()
  const { network } = tools
  const { busy, progress, start, forget } = useAction()
  const [text, setText] = useState('')
  const [error, setError] = useState<string>()

  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    if (view === undefined || busy) return
    const amount = readAmount(text, network, view.wallet, 'in your wallet')
    setError(amount.ok ? undefined : amount.sentence)
    if (!amount.ok) return
    const { timestampSeconds } = view.head
    const sent = await start((own, say, signal) => deposit(own, amount.value, timestampSeconds, say, signal))
    if (sent) setText((now) => (now === text ? '' : now))
  }
  const change = (next: string) => {
    setText(next)
    forget()
    setError(undefined)
  }
  return (
    <form className="card" aria-labelledby="deposit" noValidate onSubmit={(event) => void submit(event)}>
      <h2 id="deposit">Deposit</h2>
      <Field
        label="Amount to deposit"
        value={text}
        onChange={change}
        error={error}
        hint="One signature, one transaction."
        unit={network.tokenSymbol}
        placeholder="0"
        disabled={busy}
        numeric
      >
        <button
          type="button"
          className="quiet"
          disabled={busy || view === undefined}
          onClick={() => view !== undefined && change(formatAmount(view.wallet, network.tokenDecimals))}
        >
          Max<span className="unseen"> of your wallet</span>
        </button>
      </Field>
      <button type="submit" disabled={busy || view === undefined}>
        Deposit
      </button>
      <ProgressLine progress={progress} />
    </form>
  )
}
