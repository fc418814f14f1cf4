import type { Candidate } from '@souk/market'

/**
 * Buys up to `count` leases, the best candidates first, and returns how many it got and why others failed.
 *
 * As many purchases run at the same time as leases are wanted; each that fails goes on with the next candidate,
 * so that never more than `count` are bought and no candidate is passed over.
 */
export async function buyLeases(
  candidates: readonly Candidate[],
  count: number,
  buy: (candidate: Candidate) => Promise<void>,
): Promise<{ found: number; failures: unknown[] }> {
  const queue = [...candidates]
  const failures: unknown[] = []
  const buyOne = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      try {
        await buy(next)
        return 1
      } catch (error) {
        failures.push(error)
      }
    }
    return 0
  }
  const bought = await Promise.all(Array.from({ length: count }, buyOne))
  return { found: bought.reduce<number>((sum, one) => sum + one, 0), failures }
}
