import { parseAmount, rateOfHour } from '@souk/market'
import type { Prices } from '@souk/protocol'
import { type Machine, measureMachine, shareOf } from '@souk/runtime'
import type { Goods } from './goods.ts'
import type { RunOptions } from './run-options.ts'

/** Measures this machine, with the adapters that the operator names. Throws what measuring throws. */
export function measure({ machineCache: cacheFile, gpu }: RunOptions, diskPath: string): Promise<Machine> {
  return measureMachine({
    diskPath,
    ...(cacheFile === undefined ? {} : { cacheFile }),
    // Those that compute on the processor are sold only when they are named.
    software: gpu?.some((word) => word.startsWith('software')) === true,
  })
}

/** Says what is sold of a machine, and reads what it is to cost. */
export function readGoods(options: RunOptions, decimals: number, machine: Machine): Goods {
  const { gpu } = options
  const resources = shareOf(machine, options.share, gpu)
  const sold = new Set(resources.gpus.map(({ id }) => id))
  return {
    resources,
    devices: machine.gpus.filter(({ id }) => sold.has(id)),
    coreMibPerSecond: machine.coreMibPerSecond,
    prices: readPrices(options, decimals),
  }
}

function readPrices(options: RunOptions, decimals: number): Prices {
  const perSecondE12 = (amount: string) => rateOfHour(parseAmount(amount, decimals))
  return {
    startFee: parseAmount(options.startFee, decimals),
    coreSecondE12: perSecondE12(options.coreHour),
    gibSecondE12: perSecondE12(options.gibHour),
    gpuSecondE12: perSecondE12(options.gpuHour),
  }
}
