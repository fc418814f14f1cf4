#!/usr/bin/env -S node --max-semi-space-size=1
import { launch } from '@souk/runtime/launch.js'

launch(new URL('../src/main.ts', import.meta.url))
