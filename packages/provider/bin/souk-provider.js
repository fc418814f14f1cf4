#!/usr/bin/env -S MALLOC_ARENA_MAX=1 node --optimize-for-size
import { launch } from '@souk/runtime/launch.js'

// A watchdog is a small program of its own, which starts this one again with `SOUK_WATCHED` set.
const isWatchdog = process.argv.includes('--watchdog') && process.env.SOUK_WATCHED === undefined
const program = isWatchdog ? '../src/watchdog-main.ts' : '../src/main.ts'

launch(new URL(program, import.meta.url), { keepsCode: false })
