import { errorMessage } from '@souk/protocol'
import { useEffect, useState } from 'react'
import { sendTestTokens } from '../chain/test-tokens.ts'
import { useSession } from './session.tsx'

/** Hands out worthless money of a development network. */
export function TestTokens() {
  const { tools, view } = useSession()
  const [asking, setAsking] = useState(false)
  const [words, setWords] = useState('')
  const wallet = view?.wallet
  // biome-ignore lint/correctness/useExhaustiveDependencies: the money has come when the balance changes.
  useEffect(() => setWords(''), [wallet])

  const ask = async () => {
    setAsking(true)
    try {
      await sendTestTokens(tools, tools.account)
      setWords('On their way.')
    } catch (error) {
      setWords(errorMessage(error))
    }
    setAsking(false)
  }
  return (
    <>
      <button type="button" className="quiet" disabled={asking} onClick={() => void ask()}>
        Get test tokens
      </button>
      <span role="status">{words}</span>
    </>
  )
}
