import type { CapacityClass } from '@souk/market'
import type { CapacitySummary } from '@souk/requester/node'
import type { NetworkConfig } from '@souk/settlement'
import { amount, printTable } from './shared.ts'

const HEAD = ['class', 'providers', 'free', 'leased', 'reserved', 'price: least', 'median', 'most'] as const

/** Prints what the market has, by class; for people. */
export function printSummary(config: NetworkConfig, { classes, unbonded }: CapacitySummary): void {
  if (classes.length === 0) process.stdout.write('no offers are known\n')
  else
    printTable(
      HEAD,
      classes.map((one) => rowOf(config, one)),
    )
  process.stdout.write(`${notes(classes, unbonded).join('\n')}\n`)
}

function rowOf(config: NetworkConfig, one: CapacityClass): string[] {
  const unit = one.kind === 'cores' ? 1000 : 1
  const count = (value: number | null) => (value === null ? 'unknown' : String(value / unit))
  const { min, median, max } = one.price
  const [free, leased, reserved] = [one.free, one.leased, one.reserved].map(count)
  const name = one.kind === 'cores' ? `cores, ${one.runtime}` : `${one.family} ${one.model}`
  const prices = [min, median, max].map((price) => amount(config, price))
  return [name, String(one.providers), free ?? '', leased ?? '', reserved ?? '', ...prices]
}

function notes(classes: readonly CapacityClass[], unbonded: number): string[] {
  const silent = Math.max(0, ...classes.map((one) => one.silent))
  return [
    'Prices are per hour of a core, or of a GPU. A core is counted under each engine that its provider runs.',
    ...(silent > 0
      ? [`What is leased and reserved is unknown of ${silent} providers, and not counted.`]
      : []),
    ...(unbonded > 0 ? [`${unbonded} offers that no money stands behind are left out.`] : []),
  ]
}
