import { formatAmount } from '@souk/market'
import { COURT_PRESETS, type CourtRules, EPOCH_SLOTS, epochBlocks } from '@souk/protocol'
import type { NetworkConfig } from '@souk/settlement'

type Shown = Pick<NetworkConfig, 'tokenDecimals' | 'tokenSymbol' | 'blockSeconds'>

/** Says a court's rules in lines for people, spans also as times. */
export function rulesLines(rules: CourtRules, config: Shown): string[] {
  const { tokenDecimals, tokenSymbol, blockSeconds } = config
  const money = (units: bigint) => `${formatAmount(units, tokenDecimals)} ${tokenSymbol}`
  const span = (blocks: number) => `${blocks} blocks (${duration(blocks * blockSeconds)})`
  return [
    `preset      ${presetOf(rules)}: ${rules.quorum} of ${rules.seats} seats decide, a table of ${rules.leastWatchers} at least`,
    `slot        ${span(rules.slotBlocks)}, ${EPOCH_SLOTS} of them an epoch, ${rules.termEpochs} epochs a term of ${span(rules.termEpochs * epochBlocks(rules))}`,
    `seed        ${span(rules.lagBlocks)} before an epoch, or after a challenge`,
    `report      within ${span(rules.reportBlocks)} of the epoch`,
    `verdict     within ${span(rules.verdictBlocks)} of the challenge`,
    `settling    ${span(rules.settleBlocks)} after a lease’s end`,
    `stake       ${money(rules.stake)} a watcher`,
    `challenge   ${money(rules.challengeDeposit)} deposit, ${money(rules.juryFee)} a ballot, fuel ${rules.fuel}`,
  ]
}

/** Returns which preset a court's spans are. */
export function presetOf(rules: CourtRules): 'public' | 'dev' | 'own' {
  const names = ['public', 'dev'] as const
  const same = (name: (typeof names)[number]) =>
    Object.entries(COURT_PRESETS[name]).every(([key, value]) => rules[key as keyof CourtRules] === value)
  return names.find(same) ?? 'own'
}

function duration(seconds: number): string {
  const units = [
    ['d', 86_400],
    ['h', 3_600],
    ['min', 60],
  ] as const
  const [unit, length] = units.find(([, one]) => seconds >= 2 * one) ?? ['s', 1]
  return `${Number((seconds / length).toFixed(1))} ${unit}`
}
