import type { AgentKey } from '../state/page-config.ts'
import { Activity } from './activity.tsx'
import { Balances } from './balances.tsx'
import { DelegateForm } from './delegate-form.tsx'
import { Delegates } from './delegates.tsx'
import { DepositForm } from './deposit-form.tsx'
import { Leases } from './leases.tsx'
import { Notice } from './notice.tsx'
import { useSession } from './session.tsx'
import { Transactions } from './transactions.tsx'
import { WithdrawForm } from './withdraw-form.tsx'

/** Everything about the connected account. */
export function Wallet({ agent }: { agent: AgentKey | null }) {
  const { problem } = useSession()
  return (
    <>
      {problem !== null && (
        <Notice tone="bad" title="The chain cannot be read">
          What stands below may be old; this page keeps trying. {problem}
        </Notice>
      )}
      <Balances />
      <div className="columns">
        <div>
          <div className="pair">
            <DepositForm />
            <WithdrawForm />
          </div>
          <section className="card" aria-labelledby="delegates">
            <h2 id="delegates">Delegates</h2>
            <p className="hint">
              A delegate is a key on some machine that may lock your free balance in leases, up to a limit and
              until a day. It can never withdraw.
            </p>
            <Delegates />
            <DelegateForm agent={agent} />
          </section>
          <Leases />
        </div>
        <div>
          <Transactions />
          <Activity />
        </div>
      </div>
    </>
  )
}
