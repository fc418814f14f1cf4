import { errorMessage } from '@souk/protocol'
import { useState } from 'react'
import { sendTestTokens } from '../chain/test-tokens.ts'
import { useSession } from './session.tsx'

/** Hands out worthless money of a development network. */
export function TestTokens() {
  const { tools } = useSession()
  const [state, setState] = useState<'ready' | 'asking' | 'sent' | string>('ready')
  const ask = async () => {
    setState('asking')
    await sendTestTokens(tools, tools.account).then(
      () => setState('sent'),
      (error) => setState(errorMessage(error)),
    )
  }
  const words = state === 'asking' || state === 'ready' ? '' : state === 'sent' ? 'On their way.' : state
  return (
    <>
      <button type="button" className="quiet" disabled={state === 'asking'} onClick={() => void ask()}>
        Get test tokens
      </button>
      <span role="status">{words}</span>
    </>
  )
}
