#!/usr/bin/env node
// Writes test/golden/eip712.json: structs of the escrow's and the court's domains with the digests and compact
// signatures that viem, an implementation that is not ours, computes for them, and what a court computes besides.
// TypeScript and Solidity tests both read it. With --check it writes nothing and ends with 1 when the committed file
// differs.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import {
  encodeAbiParameters,
  hashTypedData,
  keccak256,
  parseSignature,
  serializeCompactSignature,
  signatureToCompactSignature,
  toBytes,
} from 'viem'
import { privateKeyToAccount, sign } from 'viem/accounts'

const file = fileURLToPath(new URL('../test/golden/eip712.json', import.meta.url))

// A key anyone can compute; it holds nothing anywhere.
const key = keccak256(toBytes('souk golden vectors'))
const signer = privateKeyToAccount(key).address.toLowerCase()
const domain = { chainId: 31337, verifyingContract: '0x50c0000000000000000000000000000000000712' }

const fields = (text) =>
  text
    .split(',')
    .map((field) => field.split(' '))
    .map(([type, name]) => ({ type, name }))
const types = {
  Quote: fields(
    'address provider,address requester,address resultSigner,address voucherSigner,uint128 rate,uint96 startFee,' +
      'uint96 deposit,uint96 bond,uint96 resultBond,uint96 slotPenalty,uint40 openBefore,uint32 blocks,' +
      'uint32 notice,uint32 prepay,bytes32 terms,bytes32 salt',
  ),
  Open: fields('bytes32 lease'),
  Close: fields('bytes32 lease,uint96 paid'),
  Voucher: fields('bytes32 lease,uint96 cumulative,uint40 ackFrom,uint40 ackUntil'),
  ResultBatch: fields('bytes32 lease,bytes32 root'),
}
const courtDomain = { chainId: 31337, verifyingContract: '0xc001000000000000000000000000000000000712' }
const courtTypes = {
  Vote: fields('bytes32 subject,bytes32 value'),
  Enrol: fields('address account'),
  Probe: fields('bytes32 nonce'),
  Plea: fields('bytes32 subject,string peerId'),
}
/** Seats of a committee. */
const seats = 15

const largest = (bits) => (2n ** BigInt(bits) - 1n).toString()
const word = (text) => keccak256(toBytes(text))
const zeroWord = `0x${'00'.repeat(32)}`
const address = (text) => `0x${word(text).slice(-40)}`

/** Returns the extreme value of every member of `type`: all bits 0 or all bits 1. */
function extreme(types, type, ones) {
  const value = ({ type: member }) => {
    if (member === 'address') return `0x${(ones ? 'ff' : '00').repeat(20)}`
    if (member === 'string') return ones ? 'z'.repeat(64) : ''
    if (member === 'bytes32') return ones ? `0x${'ff'.repeat(32)}` : zeroWord
    return ones ? largest(member.slice('uint'.length)) : '0'
  }
  return Object.fromEntries(types[type].map((member) => [member.name, value(member)]))
}

const quote = {
  provider: address('provider'),
  requester: address('requester'),
  resultSigner: address('result signer'),
  voucherSigner: signer,
  rate: '277777777777777777777777777',
  startFee: '1000000000000000',
  deposit: '1200000000000000000',
  bond: '5000000000000000000',
  resultBond: '2000000000000000000',
  slotPenalty: '60000000000000000',
  openBefore: '1800000000',
  blocks: '1800',
  notice: '30',
  prepay: '20',
  terms: word('terms'),
  salt: word('salt'),
}

/** Returns the struct with its digest and signature. */
async function vector(type, message) {
  return await signed({ name: 'Souk Escrow', version: '1', ...domain }, types, type, message)
}

/** The same in the court's domain. */
async function courtVector(type, message) {
  return await signed({ name: 'Souk Court', version: '1', ...courtDomain }, courtTypes, type, message)
}

async function signed(domain, types, type, message) {
  const digest = hashTypedData({ domain, types, primaryType: type, message })
  const full = parseSignature(await sign({ hash: digest, privateKey: key, to: 'hex' }))
  const signature = serializeCompactSignature(signatureToCompactSignature(full))
  return { type, message, digest, signer, signature }
}

async function render() {
  const first = await vector('Quote', quote)
  const lease = first.digest
  const cases = [
    first,
    await vector('Quote', { ...quote, salt: word('another salt') }),
    await vector('Open', { lease }),
    await vector('Close', { lease, paid: '777000000000000001' }),
    await vector('Voucher', { lease, cumulative: '123456789012345678', ackFrom: '1000', ackUntil: '1112' }),
    await vector('ResultBatch', { lease, root: word('root') }),
  ]
  for (const type of Object.keys(types)) {
    cases.push(
      await vector(type, extreme(types, type, false)),
      await vector(type, extreme(types, type, true)),
    )
  }
  return `${JSON.stringify({ domain, cases, court: await court(lease) }, null, 2)}\n`
}

/** Returns the court's structs, subjects, places of seats, slots of acknowledged blocks, tallies and result trees. */
async function court(lease) {
  const [resultSigner, epoch] = [quote.resultSigner, '446428']
  const subject = encoded(['address', 'uint256'], [resultSigner, BigInt(epoch)])
  const [task, output, seed, size] = [word('task'), word('output'), word('block'), '22']
  const disputed = encoded(['bytes32', 'bytes32', 'bytes32'], [lease, task, output])
  const place = (seat) =>
    BigInt(encoded(['bytes32', 'bytes32', 'uint256'], [seed, subject, seat])) % BigInt(size)
  const peerId = '12D3KooWQYzCrjZCkmYCkLMKAWnqJtk8aQ3LRXnzvEFRzK4jTqTD'
  const cases = [
    await courtVector('Vote', { subject, value: `0x${'ffff0fff'.padStart(64, '0')}` }),
    await courtVector('Vote', { subject: disputed, value: word('another output') }),
    await courtVector('Enrol', { account: quote.provider }),
    await courtVector('Probe', { nonce: word('nonce') }),
    await courtVector('Plea', { subject: disputed, peerId }),
  ]
  for (const type of Object.keys(courtTypes)) {
    cases.push(await courtVector(type, extreme(courtTypes, type, false)))
    cases.push(await courtVector(type, extreme(courtTypes, type, true)))
  }
  return {
    domain: courtDomain,
    cases,
    downtime: { resultSigner, epoch, subject },
    dispute: { lease, task, output, subject: disputed },
    seats: {
      seed,
      subject,
      size,
      places: Array.from({ length: seats }, (_, i) => place(BigInt(i)).toString()),
    },
    slots: [
      [112, 446_428, 799_998_976, 800_000_768],
      [112, 446_428, 799_998_977, 800_000_767],
      [112, 446_428, 799_999_200, 799_999_424],
      [112, 446_428, 799_999_201, 799_999_423],
      [112, 446_428, 0, largestBlock],
      [1, 48, 771, 779],
      [1, 48, 768, 768],
      [1, 48, 784, 800],
      [3, 0, 1, 47],
    ].map(([slotBlocks, epoch, from, to]) => ({
      ...{ slotBlocks, epoch, from, to },
      inside: slotMap((slot) => {
        const start = (16 * epoch + slot) * slotBlocks
        return start >= from && start + slotBlocks <= to
      }),
    })),
    tallies: [8, 11, 15].map((quorum) => {
      const downs = Array.from({ length: seats }, (_, i) => 2 ** (16 - i) - 1)
      const found = slotMap((slot) => downs.filter((map) => (map >> slot) & 1).length >= quorum)
      return { quorum, downs, found }
    }),
    results: [1, 2, 5, 13].map((size) => resultTree(lease, size)),
  }
}

/** The last block number that a voucher can name. */
const largestBlock = 2 ** 40 - 1

/** Returns the map of those of the sixteen slots for which `holds` is true. */
function slotMap(holds) {
  return Array.from({ length: 16 }, (_, slot) => (holds(slot) ? 2 ** slot : 0)).reduce((a, b) => a + b)
}

/** Returns a batch of `size` results with its Merkle root and the path of each. */
function resultTree(lease, size) {
  const leaves = Array.from({ length: size }, (_, i) => ({
    task: word(`task ${i}`),
    output: word(`output ${i}`),
  }))
  const levels = [leaves.map(({ task, output }) => digestOf('00', lease, task, output))]
  while (levels.at(-1).length > 1) levels.push(levelAbove(levels.at(-1)))
  const path = (index) => levels.map((level, height) => level[(index >> height) ^ 1]).filter(Boolean)
  return { lease, leaves, root: levels.at(-1)[0], paths: leaves.map((_, index) => path(index)) }
}

function levelAbove(level) {
  return Array.from({ length: Math.ceil(level.length / 2) }, (_, i) =>
    2 * i + 1 < level.length ? digestOf('01', level[2 * i], level[2 * i + 1]) : level[2 * i],
  )
}

/** Returns SHA-256 of a tag and words. */
function digestOf(tag, ...words) {
  const bytes = Buffer.from(tag + words.map((each) => each.slice(2)).join(''), 'hex')
  return `0x${createHash('sha256').update(bytes).digest('hex')}`
}

/** Returns keccak256(abi.encode(values)). */
function encoded(types, values) {
  return keccak256(
    encodeAbiParameters(
      types.map((type) => ({ type })),
      values,
    ),
  )
}

const text = await render()
if (!process.argv.includes('--check')) writeFileSync(file, text)
else if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
  console.error('test/golden/eip712.json is not what scripts/golden.mjs writes. Run: node scripts/golden.mjs')
  process.exitCode = 1
}
