import { type Hex, leaseOf, type Quote, signStruct } from '@souk/protocol'
import { escrowAbi, escrowData } from '@souk/settlement'
import { encodeFunctionData } from 'viem'
import {
  setUpParties,
  type TestMarket,
  type TestParty,
  testQuote,
} from '../../../packages/settlement/src/testing/market.ts'

const TOKEN = 10n ** 18n

/** The other side of the account's leases: a provider, and a court that judges it. */
export interface Partner {
  /** Opens a lease that the account's delegate agreed to: 10 tokens of deposit, 5 of bonds. */
  open(): Promise<void>
  /** Redeems the delegate's voucher over `tokens`. */
  redeem(tokens: bigint): Promise<void>
  /** Counts `slots` as down, one token each. */
  penalise(slots: number): Promise<void>
  /** Takes the result bond of one token. */
  seize(): Promise<void>
  /** Ends the lease after its notice. */
  end(): Promise<void>
  /** Closes it by agreement at `tokens`. */
  close(tokens: bigint): Promise<void>
}

/** An account and its delegate's key. */
export interface Customer {
  readonly account: Hex
  readonly delegate: Hex
  readonly delegateKey: Uint8Array
}

/** Sets up a provider with money, for one lease with `customer`. */
export async function createPartner(market: TestMarket, customer: Customer, seed: number): Promise<Partner> {
  const [provider] = await setUpParties(market, [seed], 100n * TOKEN)
  if (provider === undefined) throw new Error('a party was asked for')
  const quote = quoteFor(provider, customer)
  const lease = leaseOf(market.network, quote)
  const send = async (purpose: string, data: Hex) => {
    const { id } = await provider.sender.submit({ purpose, to: market.escrow, data })
    await provider.sender.wait(id)
  }
  const asCourt = (functionName: 'adjustDown' | 'seize', args: readonly unknown[]) =>
    callAsCourt(market, encodeFunctionData({ abi: escrowAbi, functionName, args } as Call))
  return {
    open: () =>
      send(
        'open',
        escrowData.open({
          quote,
          providerSignature: signStruct(provider.delegateKey, market.network, 'Quote', quote),
          requesterSignature: signStruct(customer.delegateKey, market.network, 'Open', { lease }),
        }),
      ),
    redeem(tokens) {
      const voucher = { lease, cumulative: tokens * TOKEN, ackFrom: 1, ackUntil: 2 }
      const signature = signStruct(customer.delegateKey, market.network, 'Voucher', voucher)
      return send('redeem', escrowData.redeem({ quote, voucher, signature }))
    },
    penalise: (slots) => asCourt('adjustDown', [lease, BigInt(slots)]),
    seize: () => asCourt('seize', [quote]),
    end: () => send('end', escrowData.startClose(quote)),
    close(tokens) {
      const agreement = { lease, paid: tokens * TOKEN }
      const sign = (key: Uint8Array) => signStruct(key, market.network, 'Close', agreement)
      const [mine, theirs] = [sign(provider.delegateKey), sign(customer.delegateKey)]
      return send('close', escrowData.closeCooperative(quote, agreement.paid, mine, theirs))
    },
  }
}

type Call = Parameters<typeof encodeFunctionData>[0]

function quoteFor(provider: TestParty, customer: Customer): Quote {
  const buyer = { ...provider, ...customer }
  const money = { deposit: 10n * TOKEN, bond: 4n * TOKEN, resultBond: TOKEN, slotPenalty: TOKEN }
  return testQuote(provider, buyer, 1, { ...money, rate: TOKEN * 10n ** 12n, startFee: 0n })
}

/** The market of this test has no court but the zero address, for which the development chain signs. */
async function callAsCourt({ chain, court, escrow, rpc }: TestMarket, data: Hex): Promise<void> {
  await chain.request('anvil_setBalance', [court, '0xde0b6b3a7640000'])
  await chain.request('anvil_impersonateAccount', [court])
  await rpc.request('eth_sendTransaction', [{ from: court, to: escrow, data }])
}
