import type { Durability, Persist, Store, Write } from './program.ts'

/**
 * Puts the rows of all effects of one event into one commit before the others, and the blocks that rows may refer
 * to before that. No effect comes before a row that it needs; a crash leaves all rows or none, as before the first.
 */
export function groupCommit<E extends { readonly do: string }>(
  effects: readonly (E | Persist | Store)[],
): readonly (E | Persist | Store)[] {
  const commits = effects.filter(isPersist)
  if (commits.length < 2) return effects
  const writes: Write[] = commits.flatMap((commit) => [...commit.writes])
  const durability: Durability = commits.some((one) => one.durability === 'synced') ? 'synced' : 'committed'
  const others = effects.filter((effect) => !isPersist(effect) && effect.do !== 'store')
  return [
    ...effects.filter((effect) => effect.do === 'store'),
    { do: 'persist', durability, writes },
    ...others,
  ]
}

function isPersist(effect: { readonly do: string }): effect is Persist {
  return effect.do === 'persist'
}
