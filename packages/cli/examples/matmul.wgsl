// The product of two square matrices, by tiles in workgroup memory.
//
// A workgroup of 8 by 8 threads makes a block of 64 by 64 elements, each thread 8 by 8 of them: what it reads from the
// tiles once, it uses eight times.

// Rows and columns: a multiple of 64, for which the spec has SIDE / 64 workgroups each way.
override SIDE: u32 = 1024u;

const BLOCK = 64u;
const DEPTH = 16u;
const EACH = 8u;

@group(0) @binding(0) var<storage, read> a: array<f32>;
@group(0) @binding(1) var<storage, read> b: array<f32>;
@group(0) @binding(2) var<storage, read_write> product: array<f32>;

var<workgroup> rows: array<f32, BLOCK * DEPTH>;
var<workgroup> columns: array<f32, DEPTH * BLOCK>;

@compute @workgroup_size(8, 8)
fn main(
  @builtin(workgroup_id) block: vec3u,
  @builtin(local_invocation_id) local: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let top = block.y * BLOCK;
  let left = block.x * BLOCK;
  var sums: array<f32, 64>;

  for (var depth = 0u; depth < SIDE; depth += DEPTH) {
    for (var i = thread; i < BLOCK * DEPTH; i += 64u) {
      rows[i] = a[(top + i / DEPTH) * SIDE + depth + i % DEPTH];
      columns[i] = b[(depth + i / BLOCK) * SIDE + left + i % BLOCK];
    }
    workgroupBarrier();
    for (var k = 0u; k < DEPTH; k++) {
      var column: array<f32, 8>;
      for (var j = 0u; j < EACH; j++) {
        column[j] = columns[k * BLOCK + local.x * EACH + j];
      }
      for (var i = 0u; i < EACH; i++) {
        let factor = rows[(local.y * EACH + i) * DEPTH + k];
        for (var j = 0u; j < EACH; j++) {
          sums[i * EACH + j] += factor * column[j];
        }
      }
    }
    workgroupBarrier();
  }

  for (var i = 0u; i < EACH; i++) {
    for (var j = 0u; j < EACH; j++) {
      product[(top + local.y * EACH + i) * SIDE + left + local.x * EACH + j] = sums[i * EACH + j];
    }
  }
}
