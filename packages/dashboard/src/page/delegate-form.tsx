import { escrowData } from '@souk/settlement'
import { type SubmitEvent, useState } from 'react'
import { checkAndSend } from '../chain/deposit.ts'
import { readAddress, readExpiry, readLimit } from '../state/form-input.ts'
import { shortHex, shownAmount } from '../state/format.ts'
import type { AgentKey } from '../state/page-config.ts'
import { Field } from './field.tsx'
import { ProgressLine } from './progress-line.tsx'
import { useSession } from './session.tsx'
import { useAction } from './use-action.ts'

/** Authorises a key, or gives one that is authorised another limit and end. */
export function DelegateForm({ agent }: { agent: AgentKey | null }) {
  const { tools, view } = useSession()
  const { account, network } = tools
  const agentKey = agent?.account === account ? agent.delegate : null
  const { busy, progress, start, forget } = useAction()
  const [fields, setFields] = useState({ key: '', limit: '', days: '30' })
  const [errors, setErrors] = useState<{ key?: string; limit?: string; days?: string }>({})
  const set = (change: Partial<typeof fields>) => {
    setFields({ ...fields, ...change })
    setErrors({})
    forget()
  }
  const used = view?.delegates.find(({ key }) => key === fields.key.trim().toLowerCase())?.inUse ?? 0n
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    if (view === undefined || busy) return
    const key = readAddress(fields.key)
    const limit = readLimit(fields.limit, network)
    const expiry = readExpiry(fields.days, view.head.timestampSeconds)
    setErrors({
      ...(key.ok ? {} : { key: key.sentence }),
      ...(limit.ok ? {} : { limit: limit.sentence }),
      ...(expiry.ok ? {} : { days: expiry.sentence }),
    })
    if (!key.ok || !limit.ok || !expiry.ok) return
    const purpose = `Delegate ${shortHex(key.value)} up to ${shownAmount(limit.value, network)}`
    const data = escrowData.setDelegate({ key: key.value, limit: limit.value, expiry: expiry.value })
    const sent = await start((own, say) => checkAndSend(own, { purpose, to: network.escrow, data }, say))
    if (sent) setFields((now) => (now === fields ? { ...now, key: '', limit: '' } : now))
  }
  return (
    <form
      className="delegate"
      aria-labelledby="authorise"
      noValidate
      onSubmit={(event) => void submit(event)}
    >
      <h3 id="authorise">Authorise a key</h3>
      <Field
        label="Key's address"
        value={fields.key}
        onChange={(key) => set({ key })}
        error={errors.key}
        hint={
          agentKey === null
            ? 'As the agent or the provider shows it.'
            : "Fill in this machine's agent, or type another."
        }
        placeholder="0x…"
        disabled={busy}
      >
        {agentKey !== null && (
          <button type="button" className="quiet" disabled={busy} onClick={() => set({ key: agentKey })}>
            This machine
          </button>
        )}
      </Field>
      <div className="pair">
        <Field
          label="May lock at most"
          value={fields.limit}
          onChange={(limit) => set({ limit })}
          error={errors.limit}
          hint={
            used === 0n
              ? 'What a thief of the key could waste.'
              : `Counts the ${shownAmount(used, network)} it has locked or spent.`
          }
          unit={network.tokenSymbol}
          placeholder="0"
          disabled={busy}
          numeric
        />
        <Field
          label="For"
          value={fields.days}
          onChange={(days) => set({ days })}
          error={errors.days}
          hint="Then it ends by itself."
          unit="days"
          disabled={busy}
          numeric
        />
      </div>
      <button type="submit" disabled={busy || view === undefined}>
        Authorise
      </button>
      <ProgressLine progress={progress} />
    </form>
  )
}
