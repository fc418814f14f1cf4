// How many steps each of 512 by 512 points takes to leave the circle of radius 2; STEPS where it never does.

override CENTRE_X: f32 = -0.5;
override CENTRE_Y: f32 = 0.0;
override WIDTH: f32 = 3.0;
override STEPS: u32 = 200u;

const SIDE = 512u;

@group(0) @binding(0) var<storage, read_write> steps: array<u32>;

@compute @workgroup_size(16, 16)
fn main(@builtin(global_invocation_id) point: vec3u) {
  let corner = vec2f(CENTRE_X, CENTRE_Y) - 0.5 * WIDTH;
  let c = corner + WIDTH * (vec2f(point.xy) + 0.5) / f32(SIDE);
  var z = vec2f(0.0);
  var step = 0u;
  while (step < STEPS && dot(z, z) <= 4.0) {
    z = vec2f(z.x * z.x - z.y * z.y, 2.0 * z.x * z.y) + c;
    step++;
  }
  steps[point.y * SIDE + point.x] = step;
}
