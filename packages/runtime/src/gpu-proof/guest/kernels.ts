/** What all kernels are told: which matrix, its keys, and its size. */
const PARAMETERS = /* wgsl */ `
struct Parameters { size: u32, row: u32, first: u32, second: u32 }
@group(0) @binding(0) var<uniform> parameters: Parameters;
`

/** Writes a matrix: one invocation for each number (PROTOCOL §14.1). */
export const GENERATE = /* wgsl */ `${PARAMETERS}
@group(0) @binding(1) var<storage, read_write> matrix: array<u32>;

const STEP = 0x9e3779b9u;

fn mixed(word: u32) -> u32 {
  var x = (word ^ (word >> 16u)) * 0x85ebca6bu;
  x = (x ^ (x >> 13u)) * 0xc2b2ae35u;
  return x ^ (x >> 16u);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let size = parameters.size;
  if (id.x >= size || id.y >= size) { return; }
  let start = mixed(mixed(parameters.first + id.y * STEP) ^ parameters.second);
  matrix[id.y * size + id.x] = mixed(start + (id.x + 1u) * STEP);
}
`

/** Numbers along one side of what a workgroup computes; matrices are multiples of it. */
export const TILE = 64

/** Multiplies two matrices modulo 2³²: a tile of 64 × 64 for each workgroup, 4 × 4 numbers for each invocation. */
export const MULTIPLY = /* wgsl */ `${PARAMETERS}
@group(0) @binding(1) var<storage, read> left: array<u32>;
@group(0) @binding(2) var<storage, read> right: array<u32>;
@group(0) @binding(3) var<storage, read_write> product: array<u32>;

var<workgroup> lefts: array<array<u32, 64>, 16>;
var<workgroup> rights: array<array<vec4u, 16>, 16>;

@compute @workgroup_size(16, 16)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let size = parameters.size;
  let row = parameters.row + group.y * 64u;
  let column = group.x * 64u;
  let flat = local.y * 16u + local.x;
  var sums: array<vec4u, 4>;
  for (var k = 0u; k < size; k += 16u) {
    for (var i = 0u; i < 4u; i++) {
      let at = flat + i * 256u;
      lefts[at % 16u][at / 16u] = left[(row + at / 16u) * size + k + at % 16u];
    }
    let source = (k + local.y) * size + column + local.x * 4u;
    rights[local.y][local.x] = vec4u(right[source], right[source + 1u], right[source + 2u], right[source + 3u]);
    workgroupBarrier();
    for (var i = 0u; i < 16u; i++) {
      let b = rights[i][local.x];
      let y = local.y * 4u;
      sums[0] += lefts[i][y] * b;
      sums[1] += lefts[i][y + 1u] * b;
      sums[2] += lefts[i][y + 2u] * b;
      sums[3] += lefts[i][y + 3u] * b;
    }
    workgroupBarrier();
  }
  for (var i = 0u; i < 4u; i++) {
    let to = (row + local.y * 4u + i) * size + column + local.x * 4u;
    for (var j = 0u; j < 4u; j++) { product[to + j] = sums[i][j]; }
  }
}
`

/** SHA-256 of each row, whose numbers are its words: one invocation for each row (FIPS 180-4 §6.2.2). */
export const DIGEST = /* wgsl */ `${PARAMETERS}
@group(0) @binding(1) var<storage, read> matrix: array<u32>;
@group(0) @binding(2) var<storage, read_write> digests: array<u32>;
@group(0) @binding(3) var<storage, read> constants: array<u32, 64>;

fn turned(x: u32, by: u32) -> u32 { return (x >> by) | (x << (32u - by)); }

fn compressed(state: array<u32, 8>, block: array<u32, 16>) -> array<u32, 8> {
  var s = state;
  var w = block;
  for (var i = 0u; i < 64u; i++) {
    if (i >= 16u) {
      let early = w[(i + 1u) % 16u];
      let late = w[(i + 14u) % 16u];
      w[i % 16u] += (turned(early, 7u) ^ turned(early, 18u) ^ (early >> 3u)) + w[(i + 9u) % 16u]
        + (turned(late, 17u) ^ turned(late, 19u) ^ (late >> 10u));
    }
    let one = s[7] + (turned(s[4], 6u) ^ turned(s[4], 11u) ^ turned(s[4], 25u))
      + ((s[4] & s[5]) ^ (~s[4] & s[6])) + constants[i] + w[i % 16u];
    let two = (turned(s[0], 2u) ^ turned(s[0], 13u) ^ turned(s[0], 22u))
      + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
    s = array<u32, 8>(one + two, s[0], s[1], s[2], s[3] + one, s[4], s[5], s[6]);
  }
  for (var i = 0u; i < 8u; i++) { s[i] += state[i]; }
  return s;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let size = parameters.size;
  if (id.x >= size) { return; }
  var state = array<u32, 8>(
    0x6a09e667u, 0xbb67ae85u, 0x3c6ef372u, 0xa54ff53au, 0x510e527fu, 0x9b05688cu, 0x1f83d9abu, 0x5be0cd19u,
  );
  var block: array<u32, 16>;
  for (var begin = 0u; begin < size; begin += 16u) {
    for (var i = 0u; i < 16u; i++) { block[i] = matrix[id.x * size + begin + i]; }
    state = compressed(state, block);
  }
  block = array<u32, 16>();
  block[0] = 0x80000000u;
  block[15] = size * 32u;
  state = compressed(state, block);
  for (var i = 0u; i < 8u; i++) { digests[id.x * 8u + i] = state[i]; }
}
`

/** The constants of SHA-256: the first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
export function hashConstants(): Uint32Array {
  const constants: number[] = []
  for (let candidate = 2; constants.length < 64; candidate++) {
    if (isPrime(candidate)) constants.push(cubeRootFraction(candidate))
  }
  return Uint32Array.from(constants)
}

function isPrime(candidate: number): boolean {
  for (let divisor = 2; divisor * divisor <= candidate; divisor++) {
    if (candidate % divisor === 0) return false
  }
  return true
}

/** Exact: a double's 53 bits hold the cube root's integer part (3 bits here) and the 32 that are wanted. */
function cubeRootFraction(prime: number): number {
  const root = Math.cbrt(prime)
  return Math.floor((root - Math.floor(root)) * 2 ** 32)
}
