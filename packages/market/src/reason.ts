import type { GpuFamily, RuntimeName } from '@souk/protocol'

/** Why an offer does not fit a demand, with the facts on both sides. */
export type MatchReason =
  | { readonly code: 'excluded' }
  | { readonly code: 'unreachable' }
  | { readonly code: 'expired'; readonly expires: number; readonly nowSeconds: number }
  | { readonly code: 'unbonded' }
  | { readonly code: 'unproven' }
  | { readonly code: 'runtime'; readonly wanted: RuntimeName; readonly offered: readonly RuntimeName[] }
  | { readonly code: 'region'; readonly wanted: string; readonly offered: string | null }
  | { readonly code: 'round-trip'; readonly maxMs: number; readonly measuredMs: number }
  | { readonly code: 'too-few-cores'; readonly wantedMillicores: number; readonly freeMillicores: number }
  | { readonly code: 'too-little-memory'; readonly wantedBytes: number; readonly freeBytes: number }
  | { readonly code: 'too-little-disk'; readonly wantedBytes: number; readonly freeBytes: number }
  | { readonly code: 'no-gpu'; readonly family: GpuFamily }
  | { readonly code: 'too-few-gpus'; readonly wanted: number; readonly free: number }
  | { readonly code: 'gpu-model'; readonly wanted: string; readonly offered: readonly string[] }
  | { readonly code: 'too-little-vram'; readonly wantedBytes: number; readonly largestBytes: number }
  | { readonly code: 'over-price'; readonly rateE12: bigint; readonly maxRateE12: bigint }

/** How people read a reason after a number of providers; the order breaks ties. */
export const PHRASES: Readonly<Record<MatchReason['code'], string>> = {
  'over-price': 'over your price',
  'too-few-cores': 'with too few free cores',
  'too-little-memory': 'with too little free memory',
  'too-little-disk': 'with too little free disk',
  'no-gpu': 'without a GPU of that family',
  'too-few-gpus': 'with too few free GPUs',
  'gpu-model': 'without a GPU of that model',
  'too-little-vram': 'with too little VRAM',
  unproven: 'whose GPUs have not proved themselves to you',
  runtime: 'without that runtime',
  region: 'outside your region',
  'round-trip': 'too far away',
  expired: 'no longer offering',
  unbonded: 'without a bond',
  unreachable: 'unreachable',
  excluded: 'set aside before',
}
