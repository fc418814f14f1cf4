// train.mjs [FILE]: trains a network of one hidden layer to read digits, says how well it does on digits that it has
// not seen, and writes its weights, 32-bit floats with the low byte first, for read-digit.c.
import { writeFile } from 'node:fs/promises'
import { CLASSES, PIXELS, randomNumbers, readDigits, shuffle } from './data.mjs'

const HIDDEN = 32
const EPOCHS = 6
/** Step of gradient descent, made smaller by this factor after each epoch. */
const RATE = 0.08
const DECAY = 0.7
const SEED = 1

/** Returns a network with small random weights (He et al. 2015, for rectifiers). */
function newNetwork(random) {
  const weights = (inputs, outputs) =>
    Float32Array.from({ length: inputs * outputs }, () => (2 * random() - 1) * Math.sqrt(6 / inputs))
  return {
    first: weights(PIXELS, HIDDEN),
    firstBias: new Float32Array(HIDDEN),
    second: weights(HIDDEN, CLASSES),
    secondBias: new Float32Array(CLASSES),
  }
}

/** Runs the network; fills `hidden` and `scores`, the latter with probabilities. */
function forward({ first, firstBias, second, secondBias }, pixels, hidden, scores) {
  for (let to = 0; to < HIDDEN; to += 1) {
    let sum = firstBias[to]
    for (let from = 0; from < PIXELS; from += 1) sum += first[to * PIXELS + from] * pixels[from]
    hidden[to] = Math.max(0, sum)
  }
  let total = 0
  for (let to = 0; to < CLASSES; to += 1) {
    let sum = secondBias[to]
    for (let from = 0; from < HIDDEN; from += 1) sum += second[to * HIDDEN + from] * hidden[from]
    scores[to] = Math.exp(Math.min(sum, 80))
    total += scores[to]
  }
  for (let to = 0; to < CLASSES; to += 1) scores[to] /= total
}

/** Takes one step down the gradient of the cross-entropy of one digit. */
function learn(network, { label, pixels }, rate, { hidden, scores }) {
  const { first, firstBias, second, secondBias } = network
  forward(network, pixels, hidden, scores)
  const back = new Float32Array(HIDDEN)
  for (let to = 0; to < CLASSES; to += 1) {
    const error = scores[to] - (to === label ? 1 : 0)
    for (let from = 0; from < HIDDEN; from += 1) {
      back[from] += error * second[to * HIDDEN + from]
      second[to * HIDDEN + from] -= rate * error * hidden[from]
    }
    secondBias[to] -= rate * error
  }
  for (let to = 0; to < HIDDEN; to += 1) {
    if (hidden[to] === 0) continue
    for (let from = 0; from < PIXELS; from += 1) {
      if (pixels[from] !== 0) first[to * PIXELS + from] -= rate * back[to] * pixels[from]
    }
    firstBias[to] -= rate * back[to]
  }
}

/** Returns the share of digits that the network reads right. */
function accuracy(network, digits) {
  const [hidden, scores] = [new Float32Array(HIDDEN), new Float32Array(CLASSES)]
  const right = digits.filter(({ label, pixels }) => {
    forward(network, pixels, hidden, scores)
    return scores.indexOf(Math.max(...scores)) === label
  })
  return right.length / digits.length
}

const { training, test } = await readDigits()
const random = randomNumbers(SEED)
const network = newNetwork(random)
const room = { hidden: new Float32Array(HIDDEN), scores: new Float32Array(CLASSES) }
for (let epoch = 0; epoch < EPOCHS; epoch += 1) {
  shuffle(training, random)
  for (const digit of training) learn(network, digit, RATE * DECAY ** epoch, room)
  console.error(
    `epoch ${epoch + 1} of ${EPOCHS}: ${(100 * accuracy(network, test)).toFixed(1)} % of ${test.length} right`,
  )
}
const parts = [network.first, network.firstBias, network.second, network.secondBias]
const file = process.argv[2] ?? 'weights.f32'
await writeFile(file, Buffer.concat(parts.map(({ buffer }) => Buffer.from(buffer))))
console.log(
  JSON.stringify({
    file,
    hidden: HIDDEN,
    training: training.length,
    test: test.length,
    accuracy: accuracy(network, test),
  }),
)
