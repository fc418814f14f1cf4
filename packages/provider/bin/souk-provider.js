#!/usr/bin/env node
import { launch } from '@souk/runtime/launch.js'

launch(new URL('../src/main.ts', import.meta.url))
