#!/usr/bin/env -S MALLOC_ARENA_MAX=1 node --max-semi-space-size=4 --optimize-for-size
import { launch } from '@souk/runtime/launch.js'

launch(new URL('../src/main.ts', import.meta.url), { keepsCode: false })
