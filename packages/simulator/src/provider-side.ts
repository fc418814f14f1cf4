import { SellerProcess } from '@souk/engine/testing'
import type { Seller } from './party.ts'
import type { Cheat } from './scenario.ts'
import type { Town } from './town.ts'

/** Starts a provider's process on its machine. */
export function startSeller(town: Town, seller: Seller): void {
  const { scenario, world, promises } = town
  const { context, journal, shelves, who } = seller
  const cheats = scenario.cheats.filter((cheat) => cheat.who === who)
  const percent = (kind: 'idle' | 'fail') =>
    cheats.reduce((most, cheat) => (cheat.kind === kind ? cheat.percent : most), 0)
  seller.process = new SellerProcess({
    world,
    context,
    journal,
    credit: scenario.credit,
    saves: scenario.saves,
    rounding: null,
    shelves,
    lie: handOf(cheats),
    fails: () => world.random() * 100 < percent('fail'),
    slowness: () =>
      world.random() * 100 < percent('idle') ? Number.POSITIVE_INFINITY : scenario.pace * timesOf(cheats),
    report: (effect, lease) => {
      promises.audit.sellerDoes(context.boot, effect)
      const state = seller.process?.leases.get(lease)?.state
      if (state !== undefined) promises.isSecured(state)
    },
  })
}

function handOf(cheats: readonly Cheat[]): number {
  return cheats.reduce((hand, cheat) => (cheat.kind === 'wrong' ? cheat.hand : hand), 0)
}

function timesOf(cheats: readonly Cheat[]): number {
  return cheats.reduce((times, cheat) => (cheat.kind === 'slow' ? cheat.times : times), 1)
}
