import { LIMITS, protocolId } from '@souk/protocol'
import type { AnnouncementJudge } from './announcement-judge.ts'
import type { SoukNode } from './node.ts'
import { askDirectory, DIRECTORY_PROTOCOL, type DirectoryFilter } from './offer-directory.ts'
import { parsePeerId } from './peer-target.ts'

/** Peers that are asked for a snapshot on joining. */
const DIRECTORIES = 3
/** Peers that are tried for it: beyond that joining goes on without. */
const DIRECTORY_ATTEMPTS = 12

/**
 * Asks the first three peers that keep a directory for their offers, as they come into sight.
 *
 * None contributes more than half of the bound, and one that gives an invalid offer is read no further.
 */
export function joinDirectory(
  node: SoukNode,
  { judge }: AnnouncementJudge,
  filter: DirectoryFilter,
  signal: AbortSignal,
): void {
  const id = protocolId(node.network, DIRECTORY_PROTOCOL)
  const tried = new Set<string>()
  let answered = 0
  let asking = 0
  const consider = (peerId: string, protocols: readonly string[]) => {
    if (answered + asking >= DIRECTORIES || tried.size >= DIRECTORY_ATTEMPTS) return
    if (signal.aborted || tried.has(peerId) || !protocols.includes(id)) return
    tried.add(peerId)
    asking += 1
    ask(peerId)
      .then(() => {
        answered += 1
      })
      .catch(() => {
        // The next peer that comes into sight takes its place.
      })
      .finally(() => {
        asking -= 1
        if (answered < DIRECTORIES) void considerConnected()
      })
  }
  const ask = (peerId: string) =>
    askDirectory(
      node,
      peerId,
      { filter, limit: LIMITS.directoryOffers / 2, signal },
      async (sealed) => (await judge(sealed, 'directory')).verdict !== 'reject',
    )
  const considerConnected = async () => {
    for (const peerId of node.peers()) {
      const peer = await node.libp2p.peerStore.get(parsePeerId(peerId)).catch(() => undefined)
      if (peer !== undefined) consider(peerId, peer.protocols)
    }
  }
  const onUpdate = (event: CustomEvent<{ peer: { id: unknown; protocols: string[] } }>) =>
    consider(String(event.detail.peer.id), event.detail.peer.protocols)
  node.libp2p.addEventListener('peer:update', onUpdate)
  signal.addEventListener('abort', () => node.libp2p.removeEventListener('peer:update', onUpdate))
  void considerConnected()
}
