import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'

/** Where distributions and people put Chromium; `CHROMIUM` names another place. */
const PLACES = [
  process.env.CHROMIUM ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** Returns the browser's program, `undefined` where none is installed. */
export function findBrowser(): string | undefined {
  return PLACES.find((place) => place !== '' && existsSync(place))
}

/** Starts the browser without a window. */
export function startBrowser(executablePath: string): Promise<Browser> {
  // Root cannot use Chromium's own sandbox; the page under test is ours.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  return chromium.launch({ executablePath, args })
}

/** Takes a picture of the whole page into the folder that `SOUK_SCREENSHOTS` names; does nothing without it. */
export async function screenshot(page: Page, name: string): Promise<void> {
  const folder = process.env.SOUK_SCREENSHOTS
  if (folder === undefined || folder === '') return
  await mkdir(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
}
