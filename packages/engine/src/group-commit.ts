import type { Durability, Persist, Store, Write } from './program.ts'

/**
 * Puts the rows of all effects of one event into one commit before the others, and the blocks that rows may refer
 * to before that; leaves out what writes nothing. No effect comes before a row that it needs; a crash leaves all rows or
 * none, as before the first.
 */
export function groupCommit<E extends { readonly do: string }>(
  effects: readonly (E | Persist | Store)[],
): readonly (E | Persist | Store)[] {
  const needed = effects.some(isNothing) ? effects.filter((effect) => !isNothing(effect)) : effects
  const commits = needed.filter(isPersist)
  if (commits.length < 2) return needed
  const writes: Write[] = commits.flatMap((commit) => [...commit.writes])
  const durability: Durability = commits.some((one) => one.durability === 'synced') ? 'synced' : 'committed'
  const others = needed.filter((effect) => !isPersist(effect) && effect.do !== 'store')
  return [
    ...needed.filter((effect) => effect.do === 'store'),
    { do: 'persist', durability, writes },
    ...others,
  ]
}

function isPersist(effect: { readonly do: string }): effect is Persist {
  return effect.do === 'persist'
}

/** Tells whether an effect writes no row and no block; an empty synced commit still syncs what came before it. */
function isNothing(effect: { readonly do: string }): boolean {
  if (isPersist(effect)) return effect.durability === 'committed' && effect.writes.length === 0
  return effect.do === 'store' && (effect as Store).blocks.length === 0
}
