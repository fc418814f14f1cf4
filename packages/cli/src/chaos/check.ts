import type { Expected, Fact, Facts, Rule } from './scenario.ts'

/** Returns the names of the facts that are not as expected; one that was not seen is not. */
export function differences(expected: Expected, seen: Facts): string[] {
  return Object.entries(expected).flatMap(([name, rule]) => (fits(rule, seen[name]) ? [] : [name]))
}

function fits(rule: Rule, fact: Fact | undefined): boolean {
  if (typeof rule !== 'object') return fact === rule
  if (typeof fact !== 'number') return false
  return 'atLeast' in rule ? fact >= rule.atLeast : fact <= rule.atMost
}

/** Says what is expected, for people. */
export function expectedWords(expected: Expected): string {
  return words(Object.entries(expected).map(([name, rule]) => [name, ruleWords(rule)]))
}

/** Says what was seen, for people. */
export function seenWords(seen: Facts): string {
  return words(Object.entries(seen).map(([name, fact]) => [name, String(fact)]))
}

function ruleWords(rule: Rule): string {
  if (typeof rule !== 'object') return String(rule)
  return 'atLeast' in rule ? `≥ ${rule.atLeast}` : `≤ ${rule.atMost}`
}

function words(entries: readonly (readonly [string, string])[]): string {
  return entries.map(([name, value]) => `${name} ${value}`).join(', ')
}
