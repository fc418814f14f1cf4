#!/usr/bin/env node
// Compiles the keeper of containers for each kind of machine with gcc, its own or a cross compiler
// (on Debian: apt-get install gcc gcc-aarch64-linux-gnu libc6-dev-arm64-cross); what it writes is committed.
import { execFileSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = join(dirname(fileURLToPath(import.meta.url)), '../packages/runtime/keeper')
const flags = [
  ...['-Os', '-Wall', '-Wextra', '-Werror', '-ffreestanding', '-nostdlib', '-static', '-no-pie', '-fno-pie'],
  ...['-fno-stack-protector', '-fno-asynchronous-unwind-tables', '-fno-tree-loop-distribute-patterns'],
  '-Wl,--build-id=none,-z,noexecstack,-z,max-page-size=4096,--strip-all',
]
const compilers = { x64: 'x86_64-linux-gnu-gcc', arm64: 'aarch64-linux-gnu-gcc' }

for (const [machine, compiler] of Object.entries(compilers)) {
  const protection = machine === 'x64' ? ['-fcf-protection=none'] : []
  const target = join(folder, `keeper.${machine}`)
  execFileSync(compiler, [...flags, ...protection, '-o', target, join(folder, 'keeper.c')], {
    stdio: 'inherit',
  })
}
