import type { Doubt } from '@souk/engine'

/** Says to people why a provider is in doubt, or what a verdict on it rests on. */
export function verdictWords(reason: Doubt): string {
  return WORDS[reason]
}

const WORDS: Record<Doubt, string> = {
  heard: 'the provider answers',
  'no-progress': 'the provider answers, and its work stands still',
  faulty: 'the provider says that its hardware is faulty',
  unreachable: 'others reach the provider, and we do not',
  silence: 'the provider is silent, while others answer',
  probes: 'the provider is silent, and none of the peers that were asked reach it',
  closed: 'the provider closed the connection',
  refused: 'nobody listens where the provider was',
  draining: 'the provider says that it leaves',
  rebooted: 'the provider restarted',
}
