// Lists the mutants of the contracts: small changes, each of which some test must notice. They are found in the syntax
// tree, so that none changes a comment or a string, and are the same list for the same sources.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import solc from 'solc'
import { rootDir } from './forge.mjs'

export const sourceDir = join('contracts', 'src')

/** What an operator may be mistaken for. Negated comparisons are not among them: a condition is forced both ways. */
const operators = {
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '==': '!=',
  '!=': '==',
  '+': '-',
  '-': '+',
  '*': '/',
  '/': '*',
  '%': '/',
  '&': '|',
  '|': '&',
  '^': '|',
  '<<': '>>',
  '>>': '<<',
  '+=': '-=',
  '-=': '+=',
  '|=': '&=',
  '&=': '|=',
  '^=': '|=',
  '>>=': '<<=',
}

/** The same for the instructions of inline assembly. */
const instructions = { add: 'sub', sub: 'add', and: 'or', or: 'and', shr: 'shl', gt: 'lt', eq: 'lt' }

/** Members that stand for one another on the other side of a lease, or at the other end of a range. */
const twins = {
  provider: 'requester',
  requester: 'provider',
  resultSigner: 'voucherSigner',
  voucherSigner: 'resultSigner',
  bond: 'resultBond',
  resultBond: 'bond',
  deposit: 'bond',
  openBlock: 'endBlock',
  endBlock: 'openBlock',
  ackFrom: 'ackUntil',
  ackUntil: 'ackFrom',
  down: 'refuted',
  refuted: 'down',
  number: 'timestamp',
  timestamp: 'number',
}

/**
 * Returns every mutant of `tree`, the contracts by path with one character for each byte, since the compiler counts in
 * bytes: {file, line, from, to, copy, start, end, text}, in the order of the files.
 */
export function allMutants(tree) {
  const files = [...tree.keys()].filter((file) => file.startsWith(sourceDir) && !file.includes('interfaces'))
  const trees = parse(files)
  return files.flatMap((file) => mutantsOf(file, tree.get(file), trees[file].ast))
}

function mutantsOf(file, source, tree) {
  const found = []
  visit(tree, undefined, (node, parent) => {
    for (const [start, end, text] of changesOf(node, parent, source)) {
      if (source.slice(start, end) !== text) found.push(described(file, source, start, end, text))
    }
  })
  return numbered(found.sort((a, b) => a.start - b.start || a.end - b.end || (a.text < b.text ? -1 : 1)))
}

/** Returns the syntax trees with types, by source file. */
function parse(files) {
  const content = (file) => readFileSync(join(rootDir, file), 'utf8')
  const sources = Object.fromEntries(files.map((file) => [file, { content: content(file) }]))
  const remappings = ['@openzeppelin/=node_modules/@openzeppelin/']
  const settings = { outputSelection: { '*': { '': ['ast'] } }, remappings }
  const input = JSON.stringify({ language: 'Solidity', sources, settings })
  const output = JSON.parse(solc.compile(input, { import: (file) => ({ contents: content(file) }) }))
  const wrong = output.errors?.find(({ severity }) => severity === 'error')
  if (wrong !== undefined) throw new Error(`Expected contracts that compile: ${wrong.formattedMessage}`)
  return output.sources
}

/** Calls `each` with every node that a mutant may change: not types, not the words of errors, not a loop's step. */
function visit(node, parent, each) {
  if (node.nodeType === 'RevertStatement' || isRefusal(node)) return
  each(node, parent)
  for (const [key, child] of Object.entries(node)) {
    if (['documentation', 'loopExpression', 'typeName', 'typeDescriptions'].includes(key)) continue
    for (const member of Array.isArray(child) ? child : [child]) {
      if (typeof member?.nodeType === 'string') visit(member, node, each)
    }
  }
}

function isRefusal({ nodeType, expression }) {
  return nodeType === 'FunctionCall' && expression.memberName === 'encodeWithSelector'
}

/** Returns [start, end, text] for each change of one node, in characters of the source. */
function changesOf(node, parent, source) {
  const [start, end] = spanOf(node.src)
  const textOf = ({ src }) => source.slice(...spanOf(src))
  const whole = (text) => [start, end, text]
  switch (node.nodeType) {
    case 'BinaryOperation':
      return binary(node, parent, source, textOf)
    case 'Assignment':
      return between(node.leftHandSide, node.rightHandSide, node.operator, source)
    case 'UnaryOperation':
      return ['!', '-', '~'].includes(node.operator) ? [whole(textOf(node.subExpression))] : []
    case 'Literal':
      return node.kind === 'number' ? numbers(node.value).map(whole) : []
    case 'Conditional':
      return [whole(textOf(node.trueExpression)), whole(textOf(node.falseExpression))]
    case 'IfStatement':
      return ['true', 'false'].map((text) => [...spanOf(node.condition.src), text])
    case 'FunctionCall':
      return swaps(node, textOf)
    case 'MemberAccess':
      return twin(node, parent, end)
    case 'ExpressionStatement':
    case 'EmitStatement':
    case 'Return':
      return [[start, end + 1, '{}']]
    case 'FunctionDefinition':
      return node.kind === 'constructor' ? [] : node.modifiers.map(({ src }) => [...spanOf(src), ''])
    case 'YulFunctionCall':
      return yul(node)
    case 'YulLiteral':
      return numbers(node.value).map(whole)
    default:
      return []
  }
}

function spanOf(src) {
  const [start, length] = src.split(':').map(Number)
  return [start, start + length]
}

/** Another operator, or of a logical one each side alone, which makes the sides' own negation needless. */
function binary(node, parent, source, textOf) {
  const { leftExpression: left, rightExpression: right, operator } = node
  if (operator === '&&' || operator === '||')
    return [left, right].map((side) => [...spanOf(node.src), textOf(side)])
  const forced = parent.nodeType === 'IfStatement' || ['&&', '||'].includes(parent.operator)
  return forced && /^[!=]=$/.test(operator) ? [] : between(left, right, operator, source)
}

function between(left, right, operator, source) {
  const at = source.indexOf(operator, spanOf(left.src)[1])
  const other = operators[operator]
  return other === undefined || at >= spanOf(right.src)[0] ? [] : [[at, at + operator.length, other]]
}

/** One more and one less; of a hexadecimal number, whose bits count, only one more. */
function numbers(value) {
  if (!/^(0x[\da-f]+|\d+)$/i.test(value)) return []
  const number = BigInt(value)
  const others = value.startsWith('0x') || number === 0n ? [number + 1n] : [number + 1n, number - 1n]
  const digits = value.length - 2
  return others.map((other) =>
    digits === 40 && value.startsWith('0x') ? `address(0x${other.toString(16)})` : `${other}`,
  )
}

/** Neighbouring arguments of one type, the one in place of the other. */
function swaps({ arguments: values, kind }, textOf) {
  if (kind !== 'functionCall') return []
  return values.slice(1).flatMap((right, i) => {
    const left = values[i]
    if (typeOf(left) !== typeOf(right)) return []
    return [[spanOf(left.src)[0], spanOf(right.src)[1], `${textOf(right)}, ${textOf(left)}`]]
  })
}

function twin(node, parent, end) {
  const other = twins[node.memberName]
  if (other === undefined || parent.expression === node || typeOf(node).startsWith('function')) return []
  return [[end - node.memberName.length, end, other]]
}

/** Numbers of any width are one type here: swapping them may compile. */
function typeOf({ typeDescriptions }) {
  return typeDescriptions?.typeString?.replace(/^(uint\d+|int_const .*)$/, 'number') ?? 'none'
}

function yul({ functionName }) {
  const other = instructions[functionName.name]
  return other === undefined ? [] : [[...spanOf(functionName.src), other]]
}

/** Names the mutant by its line before and after, which outlives changes elsewhere in the file. */
function described(file, source, start, end, text) {
  const first = source.lastIndexOf('\n', start - 1) + 1
  const last = source.indexOf('\n', end)
  const squeeze = (line) => line.replace(/\s+/g, ' ').trim()
  const from = squeeze(source.slice(first, last))
  const to = squeeze(source.slice(first, start) + text + source.slice(end, last))
  return { file, line: source.slice(0, start).split('\n').length, from, to, start, end, text }
}

/** Drops changes that were found twice, and counts equal lines of one file. */
function numbered(mutants) {
  const copies = new Map()
  const seen = new Set()
  return mutants.flatMap((mutant) => {
    const place = `${mutant.start}:${mutant.end}:${mutant.text}`
    if (seen.has(place)) return []
    seen.add(place)
    const name = `${mutant.from} => ${mutant.to}`
    const copy = (copies.get(name) ?? 0) + 1
    copies.set(name, copy)
    return [{ ...mutant, copy }]
  })
}

/** Returns the mutated file. */
export function mutated({ start, end, text }, source) {
  return source.slice(0, start) + text + source.slice(end)
}

/** Returns what tells a mutant from all others. */
export function nameOf({ file, from, to, copy }) {
  return `${file}: ${from} => ${to}${copy > 1 ? ` (${copy})` : ''}`
}
