import type { GpuMark, GpuSpeed } from './gpu-facts.ts'

/** Share of a model's reference below which a device is not what it says, or is throttled or shared. */
const SLOW_SHARE = 0.3

/**
 * Single-precision throughput of well-known models in 10⁹ operations per second, without matrix units: the figures of
 * their vendors' public data sheets, for the slowest variant that bears the name. The first that matches counts.
 */
const REFERENCE_GFLOPS: readonly (readonly [model: RegExp, gflops: number])[] = [
  [/\bH200\b/, 60_000],
  [/\bH100\b/, 51_000],
  [/\bA100\b/, 19_500],
  [/\bL40S?\b/, 90_500],
  [/\bL4\b/, 30_300],
  [/\bA40\b/, 37_400],
  [/\bA30\b/, 10_300],
  [/\bA10\b/, 31_200],
  [/\bV100\b/, 14_000],
  [/\bP100\b/, 9_300],
  [/\bT4\b/, 8_100],
  [/\bK80\b/, 2_800],
  [/RTX 6000 Ada/, 91_100],
  [/RTX A6000/, 38_700],
  [/RTX 5090(?! ?D| Laptop)/, 104_800],
  [/RTX 4090(?! ?D| Laptop)/, 82_600],
  [/RTX 4080(?! Laptop)/, 48_700],
  [/RTX 4070(?! Laptop)/, 29_100],
  [/RTX 3090/, 35_600],
  [/RTX 3080(?! .*Laptop)/, 29_800],
  [/RTX 3070(?! .*Laptop)/, 20_300],
  [/RTX 3060(?! .*Laptop)/, 12_700],
  [/RTX 2080 Ti/, 13_400],
  [/GTX 1080 Ti/, 11_300],
  [/MI300X/, 81_700],
  [/MI250X?/, 22_600],
  [/MI210/, 22_600],
  [/MI100/, 23_100],
  [/RX 7900 XTX/, 30_700],
  [/RX 6900 XT/, 23_000],
  [/Radeon VII/, 13_400],
  [/M1 Ultra/, 21_000],
  [/M[12] Max/, 10_400],
  [/M[12] Pro/, 4_500],
  [/Apple M[1234]/, 2_600],
]

/** Returns a model's reference throughput in 10⁹ single-precision operations per second, where it is known. */
export function referenceGflops(model: string): number | undefined {
  return REFERENCE_GFLOPS.find(([name]) => name.test(model))?.[1]
}

/** Returns the mark that a device's measured speed earns: far below its model's class, or none. */
export function speedMarks(model: string, { fp32Gflops }: Pick<GpuSpeed, 'fp32Gflops'>): GpuMark[] {
  const reference = referenceGflops(model)
  return reference !== undefined && fp32Gflops < SLOW_SHARE * reference ? ['slow-for-model'] : []
}
