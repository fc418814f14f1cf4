/** What the names of the exports begin with by which the host reaches an instance's counters; programs have none such. */
export const HOST_PREFIX = 'souk:'

/** Names of the exports by which the host sets and reads an instance's counters. */
export const COUNTER_NAMES = {
  fuel: `${HOST_PREFIX}fuel`,
  depth: `${HOST_PREFIX}depth`,
  fault: `${HOST_PREFIX}fault`,
} as const
