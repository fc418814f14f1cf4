import { resolve } from 'node:path'
import { connectControl } from '@souk/storage/node'
import { notRunning } from './operator-error.ts'
import type { WatchStatus } from './watchtower.ts'

export interface WatchCommandOptions {
  readonly data: string
  readonly leave: boolean
  readonly stay: boolean
}

/**
 * Has a running provider go on watching, or take no further place, and returns where it stands then; without either it
 * only tells. Throws `OperatorError` `NOT_RUNNING`.
 */
export async function commandWatching({
  data,
  leave,
  stay,
}: WatchCommandOptions): Promise<WatchStatus | null> {
  const client = await connectControl(resolve(data))
  if (client === undefined) throw notRunning(resolve(data))
  try {
    if (leave || stay) return (await client.call('renew', { renews: stay })) as WatchStatus | null
    return ((await client.call('status')) as { watching: WatchStatus | null }).watching
  } finally {
    client.close()
  }
}

/** Says for people where a provider stands as a watcher. */
export function describeWatching(status: WatchStatus | null): string {
  if (status === null) return 'it does not watch: the network has no court, or the chain does not answer\n'
  const { key, account, places, renews, leaveBlock, lacks } = status
  if (account === null) return `it does not watch: ${lacks}\n`
  const held = places.length === 0 ? 'no table of now or to come' : `the tables of terms ${places.join(', ')}`
  const further = renews
    ? 'It takes a further place each term; souk-provider watch --leave ends that.'
    : `It takes no further place. From block ${leaveBlock} on the stake can be taken back: souk wallet watch ${key} --leave`
  return `${key} watches for ${account} and is in ${held}. ${further}\n`
}
