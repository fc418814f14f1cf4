import { setTimeout as pause } from 'node:timers/promises'
import type { Demand, Quote, Terms } from '@souk/protocol'
import type { CapacitySummary, OfferRow } from '@souk/requester/node'
import type { Command } from 'commander'
import { addDemandOptions, type DemandOptions, readDemand } from '../demand.ts'
import { EXIT } from '../exit-codes.ts'
import type { Owner } from '../owner.ts'
import { evidenceWords, scoreWords } from './offer-evidence.ts'
import { GPU_HEAD, type GpuOrder, gpuRows, haveGpus, sortOffers, sortOption } from './offer-gpus.ts'
import { printSummary } from './offers-summary.ts'
import {
  addSharedOptions,
  amount,
  hourly,
  printJson,
  printTable,
  type SharedOptions,
  short,
  size,
  withSession,
} from './shared.ts'

type Options = SharedOptions & DemandOptions & { why: boolean; sort: GpuOrder; summary: boolean }

interface Answer {
  readonly offers: readonly OfferRow[]
  readonly summary: string
}

/** Milliseconds that a process which just joined listens for offers; a running agent knows them. */
const LISTEN_MS = 3_000

/** Adds `souk offers` and `souk quote`. */
export function addOffers(program: Command): void {
  const offers = program.command('offers').description('list the offers on the market, those that fit first')
  offers.option('--why', 'say why the others do not fit', false).addOption(sortOption())
  offers.option('--summary', 'add up what is free, leased and reserved, and the prices, by class', false)
  addSharedOptions(addDemandOptions(offers)).action(listOffers)
  const quote = program.command('quote').description('ask the best offer for a quote; reserves nothing')
  addSharedOptions(addDemandOptions(quote)).action(askQuote)
}

async function listOffers(options: Options): Promise<void> {
  if (options.summary) return summarize(options)
  await withSession(options, async ({ config, owner }) => {
    const demand = readDemand(options, config.tokenDecimals)
    const { offers: heard, summary } = await hear(owner, demand)
    const offers = sortOffers(heard, options.sort, demand)
    if (options.json) printJson({ offers, summary })
    else {
      printTable(
        [
          'provider',
          'free cores',
          'memory',
          'GPUs',
          'MiB/s',
          'price',
          'score',
          'evidence',
          'found by',
          ...(options.why ? ['fits'] : []),
        ],
        offers.map((offer) => [
          short(offer.peerId),
          String(offer.free.millicores / 1000),
          size(offer.free.memoryBytes),
          offer.free.gpus.map((gpu) => gpu.model).join(', ') || '–',
          String(offer.coreMibPerSecond),
          hourly(config, offer.rateE12),
          scoreWords(offer.reliability),
          evidenceWords(offer.reliability),
          offer.via,
          ...(options.why ? [offer.reason ?? 'yes'] : []),
        ]),
      )
      if (haveGpus(offers))
        printTable(
          GPU_HEAD,
          offers.flatMap((offer) => gpuRows(config, offer, Date.now())),
        )
      if (options.why) process.stdout.write(`${summary}\n`)
    }
    return offers.some((offer) => offer.reason === null) ? 0 : EXIT.noOffer
  })
}

async function summarize(options: Options): Promise<void> {
  await withSession(options, async ({ config, owner }) => {
    await hear(owner, readDemand(options, config.tokenDecimals))
    const summary = await owner.call<CapacitySummary>('capacity')
    if (options.json) printJson(summary)
    else printSummary(config, summary)
    return summary.classes.length > 0 ? 0 : EXIT.noOffer
  })
}

async function hear(owner: Owner, demand: Demand): Promise<Answer> {
  const end = performance.now() + (owner.isUs ? LISTEN_MS : 0)
  while (performance.now() < end) await pause(100)
  return owner.call<Answer>('offers', { demand })
}

async function askQuote(options: Options): Promise<void> {
  await withSession(options, async ({ config, owner }) => {
    const demand = readDemand(options, config.tokenDecimals)
    await hear(owner, demand)
    const answer = await owner.call<{ quote: Quote; terms: Terms; peerId: string }>('quote', { demand })
    const { quote, peerId, terms } = answer
    if (options.json) printJson(answer)
    else {
      const { millicores, memoryBytes } = terms.resources
      const lines = [
        `provider    ${peerId}`,
        `capacity    ${millicores / 1000} cores, ${size(memoryBytes)} of memory`,
        `price       ${hourly(config, quote.rate)}, ${amount(config, quote.startFee)} to start`,
        `deposit     ${amount(config, quote.deposit)}, what is not used comes back`,
        `bond        ${amount(config, quote.bond)} against downtime, ${amount(config, quote.resultBond)} for results`,
        `length      ${quote.blocks} blocks of ${config.blockSeconds} s`,
      ]
      process.stdout.write(`${lines.join('\n')}\n`)
    }
    return 0
  })
}
