import { TopicValidatorResult } from '@chainsafe/libp2p-gossipsub'
import type { AnnouncementJudge } from './announcement-judge.ts'
import type { SoukNode } from './node.ts'

const RESULTS = {
  accept: TopicValidatorResult.Accept,
  ignore: TopicValidatorResult.Ignore,
  reject: TopicValidatorResult.Reject,
} as const

/** The gossip side of the offer exchange. */
export interface OfferGossip {
  /** Subscribes to exactly these topics. */
  hear(topics: readonly string[]): void
  /** Publishes a sealed announcement on each topic. */
  publish(topics: readonly string[], sealed: Uint8Array): Promise<void>
  /** Returns how many peers are known to hear a topic. */
  listeners(topic: string): number
  /** Calls back for each peer that starts to hear a topic; returns the undo. */
  onListener(callback: (topic: string) => void): () => void
  stop(): void
}

/** Makes the gossip side; it hears nothing yet. */
export function startOfferGossip(node: SoukNode, { judge }: AnnouncementJudge): OfferGossip {
  const { gossip } = node.libp2p.services
  const heard = new Set<string>()
  const leave = (topic: string) => {
    heard.delete(topic)
    gossip.unsubscribe(topic)
    gossip.topicValidators.delete(topic)
  }
  return {
    hear(topics) {
      for (const topic of heard) if (!topics.includes(topic)) leave(topic)
      for (const topic of topics) {
        if (heard.has(topic)) continue
        heard.add(topic)
        gossip.topicValidators.set(topic, async (_, message) => {
          const { verdict } = await judge(message.data, 'gossip')
          return RESULTS[verdict]
        })
        gossip.subscribe(topic)
      }
    },
    async publish(topics, sealed) {
      for (const topic of topics) await gossip.publish(topic, sealed)
    },
    listeners: (topic) => gossip.getSubscribers(topic).length,
    onListener(callback) {
      const onChange = (event: CustomEvent<{ subscriptions: { topic: string; subscribe: boolean }[] }>) => {
        for (const { topic, subscribe } of event.detail.subscriptions) if (subscribe) callback(topic)
      }
      gossip.addEventListener('subscription-change', onChange)
      return () => gossip.removeEventListener('subscription-change', onChange)
    },
    stop() {
      for (const topic of [...heard]) leave(topic)
    },
  }
}
