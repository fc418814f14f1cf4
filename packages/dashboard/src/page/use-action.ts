import type { Hex } from '@souk/protocol'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { Say } from '../chain/deposit.ts'
import type { AccountTools } from '../chain/tools.ts'
import { isBusy, type Progress } from '../state/transaction-words.ts'
import { explainStop } from '../state/wallet-error.ts'
import { useSession } from './session.tsx'

/** Carries out an action of the account; resolves with the hash of its last transaction. */
export type Action = (tools: AccountTools, say: Say, signal: AbortSignal) => Promise<Hex>

/** Runs one action at a time and tells where it stands until `forget`; what stops it becomes a sentence, never an exception. */
export function useAction() {
  const { tools } = useSession()
  const [progress, setProgress] = useState<Progress>({ stage: 'idle' })
  const running = useRef<AbortController>(undefined)
  useEffect(() => () => running.current?.abort(new Error('the form is gone')), [])

  const start = useCallback(
    async (action: Action): Promise<boolean> => {
      const control = new AbortController()
      running.current = control
      try {
        await action(tools, setProgress, control.signal)
        return true
      } catch (error) {
        if (!control.signal.aborted) setProgress({ stage: 'stopped', ...explainStop(error, tools.network) })
        return false
      }
    },
    [tools],
  )
  const forget = useCallback(() => setProgress({ stage: 'idle' }), [])
  return { progress, busy: isBusy(progress), start, forget }
}
