import { formatAmount } from '@souk/market'
import { escrowData } from '@souk/settlement'
import { type SubmitEvent, useState } from 'react'
import { checkAndSend } from '../chain/deposit.ts'
import { readAddress, readAmount } from '../state/form-input.ts'
import { shortHex, shownAmount } from '../state/format.ts'
import { Field } from './field.tsx'
import { ProgressLine } from './progress-line.tsx'
import { useSession } from './session.tsx'
import { useAction } from './use-action.ts'

/** Moves tokens from the escrow's free balance to the wallet, or to another address. */
export function WithdrawForm() {
  const { tools, view } = useSession()
  const { network, account } = tools
  const { busy, progress, start, forget } = useAction()
  const [text, setText] = useState('')
  const [to, setTo] = useState('')
  const [elsewhere, setElsewhere] = useState(false)
  const [errors, setErrors] = useState<{ amount?: string; to?: string }>({})

  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    if (view === undefined || busy) return
    const amount = readAmount(text, network, view.free, 'free in the escrow')
    const target = elsewhere ? readAddress(to) : { ok: true as const, value: account }
    setErrors({
      ...(amount.ok ? {} : { amount: amount.sentence }),
      ...(target.ok ? {} : { to: target.sentence }),
    })
    if (!amount.ok || !target.ok) return
    const whither = target.value === account ? '' : ` to ${shortHex(target.value)}`
    const purpose = `Withdrawal of ${shownAmount(amount.value, network)}${whither}`
    const data = escrowData.withdraw(target.value, amount.value)
    if (await start((own, say) => checkAndSend(own, { purpose, to: network.escrow, data }, say)))
      setText((now) => (now === text ? '' : now))
  }
  const change = (next: string) => {
    setText(next)
    forget()
    setErrors({})
  }
  return (
    <form className="card" aria-labelledby="withdraw" noValidate onSubmit={(event) => void submit(event)}>
      <h2 id="withdraw">Withdraw</h2>
      <Field
        label="Amount to withdraw"
        value={text}
        onChange={change}
        error={errors.amount}
        hint="At any time, from what is free."
        unit={network.tokenSymbol}
        placeholder="0"
        disabled={busy}
        numeric
      >
        <button
          type="button"
          className="quiet"
          disabled={busy || view === undefined}
          onClick={() => view !== undefined && change(formatAmount(view.free, network.tokenDecimals))}
        >
          Max<span className="unseen"> of what is free</span>
        </button>
      </Field>
      {elsewhere && (
        <Field
          label="To"
          value={to}
          onChange={setTo}
          error={errors.to}
          hint="An address: check it twice."
          placeholder="0x…"
          disabled={busy}
        />
      )}
      <div className="row">
        <button type="submit" disabled={busy || view === undefined}>
          Withdraw
        </button>
        <button type="button" className="quiet" disabled={busy} onClick={() => setElsewhere(!elsewhere)}>
          {elsewhere ? 'To my wallet' : 'Other address'}
        </button>
      </div>
      <ProgressLine progress={progress} />
    </form>
  )
}
