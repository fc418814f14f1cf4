/**
 * Set by a watchdog for the process that it starts: how often it did within the hour. `bin/souk-provider.js` reads it,
 * too.
 */
export const WATCHED = 'SOUK_WATCHED'

/** What a provider tells its watchdog, over the channel that Node opens between them. */
export type HeartMessage =
  | { readonly kind: 'beat' }
  /** It begins, over this data folder. */
  | { readonly kind: 'began'; readonly folder: string }
  | { readonly kind: 'ready' }
