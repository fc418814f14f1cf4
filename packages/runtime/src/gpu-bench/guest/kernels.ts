/** Iterations of the arithmetic kernel's loop: long enough that starting an invocation does not show. */
export const ITERATIONS = 512
/** Operations of one invocation: eight independent chains of four numbers, each a multiplication and an addition. */
export const OPERATIONS = ITERATIONS * 8 * 4 * 2
/** Invocations of one workgroup of either kernel. */
export const GROUP = 64

/** Returns the kernel that multiplies and adds in registers alone. */
export function arithmetic(type: 'f32' | 'f16'): string {
  const chains = [0, 1, 2, 3, 4, 5, 6, 7]
  return /* wgsl */ `${type === 'f16' ? 'enable f16;' : ''}
@group(0) @binding(0) var<storage, read_write> sink: array<vec4<${type}>>;

@compute @workgroup_size(${GROUP})
fn main(@builtin(global_invocation_id) id: vec3u) {
  let factor = vec4<${type}>(${type}(id.x % 13u) * ${type}(0.01) + ${type}(0.5));
  ${chains.map((at) => `var c${at} = vec4<${type}>(${type}(${at}));`).join('\n  ')}
  for (var i = 0u; i < ${ITERATIONS}u; i++) {
    ${chains.map((at) => `c${at} = fma(c${at}, factor, factor);`).join('\n    ')}
  }
  sink[id.x % ${GROUP}u] = ${chains.map((at) => `c${at}`).join(' + ')};
}
`
}

/** Copies memory, sixteen bytes for each invocation. */
export const COPY = /* wgsl */ `
@group(0) @binding(0) var<storage, read> source: array<vec4u>;
@group(0) @binding(1) var<storage, read_write> target_: array<vec4u>;

@compute @workgroup_size(${GROUP})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let at = id.y * groups.x * ${GROUP}u + id.x;
  target_[at] = source[at];
}
`
