import { formatAmount } from '@souk/market'
import Table from 'cli-table3'
import type { DemoReport, Dispute, Money } from './report.ts'

const DECIMALS = 18
const SYMBOL = 'devSOUK'

/** Returns the report in words and tables, for people. */
export function describeReport(report: DemoReport): string {
  return [
    summary(report),
    table(
      ['provider', 'found by', 'negotiated', 'tasks', 'last voucher', 'paid on chain', 'gas'],
      leaseRows(report),
    ),
    failover(report),
    court(report),
    table(['account', 'wallet before', 'after', 'escrow before', 'after', 'locked'], balanceRows(report)),
    money(report),
  ].join('\n\n')
}

function summary({ ok, seconds, input, output, tasks }: DemoReport): string {
  const verdict = ok
    ? 'The result equals the one computed beside it in plain JavaScript.'
    : 'SOMETHING IS WRONG.'
  return [
    `${input.name}, ${input.bytes} bytes: ${tasks.verified} of ${tasks.total} tasks verified by quorum in ${seconds} s.`,
    verdict,
    `sha256 of the result: ${output.sha256}`,
  ].join('\n')
}

function leaseRows({ leases, offers }: DemoReport): string[][] {
  return leases.map(({ provider, negotiatedMs, tasks, voucher, paid, gas }) => {
    const via = offers.find((offer) => offer.provider === provider)?.via ?? 'unknown'
    return [
      provider,
      via,
      `${negotiatedMs} ms`,
      String(tasks),
      shown(voucher),
      shown(paid),
      Number(gas).toLocaleString('en'),
    ]
  })
}

function failover({ liar, crash, tasks }: DemoReport): string {
  return [
    `${liar.provider} lied ${liar.wrongResults} times by its own journal; the quorum caught ${liar.caught}.`,
    `${crash.provider} was killed with ${crash.tasksInFlight} tasks in flight: noticed after ${crash.detectedMs} ms, ` +
      `all in other hands after ${crash.replacedMs} ms, ${tasks.rerun} tasks run again.`,
  ].join('\n')
}

function court({ engine, court: { downtime, dispute } }: DemoReport): string {
  return [
    `${downtime.provider} was down for ${downtime.slots} slots, say ${downtime.votes} votes of its peers: its bond paid ` +
      `${shown(downtime.penalty)} ${SYMBOL}, half to the requester, half burned.`,
    dispute === null
      ? `No jury judges results of ${engine}: they are compared, and the quorum alone caught the lies.`
      : verdict(dispute, engine),
  ].join('\n')
}

function verdict({ provider, verdict, votes, slashed, equalsQuorum }: Dispute, engine: string): string {
  const words = { right: 'was right', wrong: 'was wrong', undecidable: 'cannot be decided' }
  const same = equalsQuorum ? 'to the same bit as the quorum' : 'to another output than the quorum'
  return (
    `${provider} ${words[verdict]}, say ${votes} ballots of a jury that executed the task again by ${engine}, ${same}: ` +
    `${shown(slashed)} ${SYMBOL} of its bond are gone.`
  )
}

function balanceRows({ chain }: DemoReport): string[][] {
  return chain.balances.map(({ role, isKey, before, after }) => [
    isKey ? `${role}’s key` : role,
    shown(before.wallet),
    shown(after.wallet),
    shown(before.ledger),
    shown(after.ledger),
    shown(after.locked),
  ])
}

function money({ chain }: DemoReport): string {
  const total = (of: 'before' | 'after') => chain.balances.reduce((sum, one) => sum + worth(one[of]), 0n)
  const sentence = chain.conserved ? 'nothing was made or lost' : 'THE SUM IS NOT CONSERVED'
  return (
    `${chain.transactions} transactions. All accounts together held ${shown(total('before').toString())} and hold ` +
    `${shown(total('after').toString())} of a supply of ${shown(chain.supply)} ${SYMBOL}; ` +
    `${shown(chain.burned)} were burned: ${sentence}.`
  )
}

function worth({ wallet, ledger, locked }: Money): bigint {
  return BigInt(wallet) + BigInt(ledger) + BigInt(locked)
}

function shown(baseUnits: string): string {
  return formatAmount(BigInt(baseUnits), DECIMALS)
}

function table(head: string[], rows: string[][]): string {
  const drawn = new Table({ head, style: { head: [], border: [], compact: true } })
  drawn.push(...rows)
  return drawn.toString()
}
