import { errorMessage, type Hex } from '@souk/protocol'
import { useEffect, useMemo, useState } from 'react'
import { type AccountView, followAccount, startOfHistory } from '../chain/account-feed.ts'
import type { ChainTools } from '../chain/tools.ts'
import { type AccountStory, tellStory } from '../state/account-story.ts'

/** Blocks of history read at first, and as many more each time somebody asks for older ones. */
const HISTORY_BLOCKS = 40_000

/** Follows an account as long as the component lives. */
export function useAccountFeed(tools: ChainTools, account: Hex) {
  const [view, setView] = useState<AccountView>()
  const [problem, setProblem] = useState<string | null>(null)
  const [blocks, setBlocks] = useState(HISTORY_BLOCKS)

  useEffect(() => {
    const stop = new AbortController()
    const { signal } = stop
    const onView = (next: AccountView) => !signal.aborted && setView(next)
    const onProblem = (sentence: string | null) => !signal.aborted && setProblem(sentence)
    const follow = async () => {
      const fromBlock = await startOfHistory(tools, blocks, signal)
      await followAccount(tools, account, { fromBlock, onView, onProblem, signal })
    }
    follow().catch((error) => onProblem(errorMessage(error)))
    return () => stop.abort(new Error('the page shows something else'))
  }, [tools, account, blocks])

  const story = useMemo((): AccountStory => tellStory(view?.events ?? [], account), [view, account])
  return useMemo(
    () => ({ view, story, problem, lookFurtherBack: () => setBlocks((now) => now + HISTORY_BLOCKS) }),
    [view, story, problem],
  )
}
