// The sum of 1,048,576 numbers: each workgroup adds 1,024 of them, and a second pass adds what the first one left.

@group(0) @binding(0) var<storage, read> numbers: array<f32>;
@group(0) @binding(1) var<storage, read_write> partial: array<f32>;
@group(0) @binding(2) var<storage, read_write> total: array<f32>;

var<workgroup> tree: array<f32, 256>;

fn add_up(thread: u32) {
  for (var half = 128u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (thread < half) {
      tree[thread] += tree[thread + half];
    }
  }
}

@compute @workgroup_size(256)
fn add_numbers(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let at = group.x * 1024u + thread;
  tree[thread] = numbers[at] + numbers[at + 256u] + numbers[at + 512u] + numbers[at + 768u];
  add_up(thread);
  if (thread == 0u) {
    partial[group.x] = tree[0];
  }
}

@compute @workgroup_size(256)
fn add_partial(@builtin(local_invocation_index) thread: u32) {
  tree[thread] = partial[thread] + partial[thread + 256u] + partial[thread + 512u] + partial[thread + 768u];
  add_up(thread);
  if (thread == 0u) {
    total[0] = tree[0];
  }
}
