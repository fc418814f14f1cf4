import { addressOf } from '@souk/protocol'
import { startDevChain } from '@souk/settlement/node'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testKey } from '../../packages/settlement/src/testing/market.ts'
import { findBrowser, screenshot, startBrowser } from './support/browser.ts'
import { connect, type Stage, startStage, visit } from './support/page-stage.ts'
import { createPartner } from './support/partner.ts'

const TOKEN = 10n ** 18n
/** More than the page has controls. */
const MOST_PRESSES = 60
const program = findBrowser()
if (program === undefined) {
  console.log('skipped: no Chromium here, so the wallet page is not tried; install the package chromium')
}

let browser: Browser
let stage: Stage

/** An account of the browser's, and the hot key that it authorises. */
function person(seed: number) {
  const [key, delegateKey] = [testKey(seed), testKey(seed + 100)]
  return { key, account: addressOf(key), delegateKey, delegate: addressOf(delegateKey) }
}
const owner = person(1)

describe.skipIf(program === undefined)('the wallet page', () => {
  beforeAll(async () => {
    stage = await startStage({ account: owner.account, delegate: owner.delegate })
    browser = await startBrowser(program ?? '')
  })
  afterAll(async () => {
    await browser?.close()
    await stage?.stop()
  })

  test('carries an account from test tokens to a closed lease', async () => {
    const { market } = stage
    const partner = await createPartner(market, owner, 50)
    const tab = await visit(browser, stage, owner.key)
    const { page, wallet } = tab
    await screenshot(page, 'connect')
    await connect(tab)
    await screenshot(page, 'empty')
    await button(page, 'Get test tokens').click()
    await shows(page, 'In your wallet', '100')

    await page.getByLabel('Amount to deposit').fill('60.5')
    await button(page, 'Deposit').click()
    await shows(page, 'Free in the escrow', '60.5')
    await shows(page, 'In your wallet', '39.5')
    expect(wallet.agreed).toEqual({ signatures: 1, transactions: 1 })
    await page
      .getByRole('form', { name: 'Deposit' })
      .getByText(/Done, in block \d+/)
      .waitFor()
    expect(await market.reader.balance(owner.account)).toBe(605n * 10n ** 17n)

    await button(page, 'This machine').click()
    await page.getByLabel('May lock at most').fill('40')
    await button(page, 'Authorise').click()
    const delegates = page.getByLabel('Delegates in force')
    await delegates.getByText(/of 40/).waitFor()
    expect(await market.reader.delegate(owner.account, owner.delegate)).toMatchObject({ limit: 40n * TOKEN })

    await partner.open()
    await happens(page, 'Lease opened')
    await shows(page, 'Locked in leases', '10')
    await shows(page, 'Free in the escrow', '50.5')
    await partner.redeem(3n)
    await happens(page, 'Payment')
    await shows(page, 'Locked in leases', '7')
    await partner.penalise(2)
    await happens(page, 'Downtime')
    await partner.seize()
    await happens(page, 'Result bond seized')
    await partner.end()
    await happens(page, 'Lease ending')
    await screenshot(page, 'lease')
    await partner.close(5n)
    await happens(page, 'Lease closed')
    // 50.5 were free; 5 of the deposit come back, and half of the penalty for two slots.
    await shows(page, 'Free in the escrow', '56.5')
    await shows(page, 'Locked in leases', '0')
    await page.getByLabel('Leases', { exact: true }).getByText('closed').waitFor()

    await page.getByRole('button', { name: /^Revoke delegate/ }).click()
    await happens(page, 'Delegate revoked')
    expect(await market.reader.delegate(owner.account, owner.delegate)).toMatchObject({ expiry: 0 })
    await page.getByRole('button', { name: 'Max of what is free' }).click()
    await button(page, 'Withdraw').click()
    await shows(page, 'Free in the escrow', '0')
    await shows(page, 'In your wallet', '96')
    expect(await market.reader.balance(owner.account)).toBe(0n)
    expect(wallet.agreed).toEqual({ signatures: 1, transactions: 4 })
    await screenshot(page, 'end')
    expect(tab.complaints).toEqual([])
    await page.close()
  })

  test('deposits by keyboard alone', async () => {
    const tab = await visit(browser, stage, person(2).key, { colorScheme: 'dark' })
    const { page, wallet } = tab
    await page.getByRole('button', { name: 'Connect Test Wallet' }).waitFor()
    await tabTo(page, 'Connect Test Wallet')
    await page.keyboard.press('Enter')
    await tabTo(page, 'Get test tokens')
    await page.keyboard.press('Space')
    await shows(page, 'In your wallet', '100')
    await tabTo(page, 'Amount to deposit')
    await page.keyboard.type('100.1')
    await page.keyboard.press('Enter')
    const form = page.getByRole('form', { name: 'Deposit' })
    await form.getByText(/^That is more than the 100/).waitFor()
    expect(await focused(page)).toBe('Amount to deposit')
    expect(await page.getByLabel('Amount to deposit').getAttribute('aria-invalid')).toBe('true')
    await page.keyboard.press('ControlOrMeta+A')
    await page.keyboard.type('12.000000000000000001')
    await page.keyboard.press('Enter')
    await shows(page, 'Free in the escrow', '12.000000000000000001')
    expect(wallet.agreed).toEqual({ signatures: 1, transactions: 1 })
    await screenshot(page, 'dark')
    expect(tab.complaints).toEqual([])
    await page.close()
  })

  test('takes a no for an answer', async () => {
    const tab = await visit(browser, stage, person(3).key)
    const { page, wallet } = tab
    wallet.declines = true
    await button(page, 'Connect Test Wallet').click()
    await page.getByText('You declined it in the wallet. Nothing was connected.').waitFor()
    wallet.declines = false
    await connect(tab)
    await button(page, 'Get test tokens').click()
    await shows(page, 'In your wallet', '100')
    wallet.declines = true
    await page.getByLabel('Amount to deposit').fill('5')
    await button(page, 'Deposit').click()
    await page.getByText('You declined it in the wallet. Nothing was sent.').waitFor()
    await screenshot(page, 'declined')
    expect(wallet.agreed).toEqual({ signatures: 0, transactions: 0 })
    expect(await page.getByLabel('Amount to deposit').inputValue()).toBe('5')
    wallet.declines = false
    await button(page, 'Deposit').click()
    await shows(page, 'Free in the escrow', '5')
    expect(tab.complaints).toEqual([])
    await page.close()
  })

  test("approves and deposits for an account whose signature is no key's", async () => {
    const tab = await visit(browser, stage, person(4).key)
    const { page, wallet } = tab
    wallet.isContract = true
    await connect(tab)
    await button(page, 'Get test tokens').click()
    await shows(page, 'In your wallet', '100')
    await page.getByLabel('Amount to deposit').fill('7')
    await button(page, 'Deposit').click()
    await shows(page, 'Free in the escrow', '7')
    expect(wallet.agreed).toEqual({ signatures: 1, transactions: 2 })
    expect(tab.complaints).toEqual([])
    await page.close()
  })

  test('brings a wallet on another network to this one, adding it first', async () => {
    const tab = await visit(browser, stage, person(5).key, {
      chainId: 1,
      viewport: { width: 390, height: 844 },
    })
    const { page, wallet } = tab
    await connect(tab)
    await page.getByText('Your wallet is on another network').waitFor()
    await screenshot(page, 'wrong-network')
    wallet.declines = true
    await button(page, 'Switch to test').click()
    await page.getByText('You declined it in the wallet. The wallet stays where it is.').waitFor()
    wallet.declines = false
    await button(page, 'Switch to test').click()
    await page.getByText('Your wallet is on another network').waitFor({ state: 'detached' })
    expect(wallet.chainId).toBe(stage.network.chainId)
    await screenshot(page, 'narrow')
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390)
    await page.close()
  })

  test('notices a wallet that takes another chain of the same number for this one', async () => {
    const other = await startDevChain({ blockSeconds: 0, chainId: stage.network.chainId })
    try {
      const tab = await visit(browser, stage, person(7).key, { walletRpcUrl: other.rpcUrl })
      await connect(tab)
      await tab.page.getByText('Your wallet reads another chain with the same number').waitFor()
      await screenshot(tab.page, 'other-chain')
      await tab.page.getByLabel("Key's address").fill(owner.delegate)
      await tab.page.getByLabel('May lock at most').fill('1')
      await button(tab.page, 'Authorise').click()
      await tab.page.getByText('Nothing was sent: your wallet is on another chain than test.').waitFor()
      expect(tab.wallet.agreed.transactions).toBe(0)
      await tab.page.close()
    } finally {
      await other.stop()
    }
  })

  test('finds a pending transaction again after a reload, and says why one failed', async () => {
    const { chain, reader } = stage.market
    const { account, key } = person(6)
    const tab = await visit(browser, stage, key)
    const { page } = tab
    await connect(tab)
    await button(page, 'Get test tokens').click()
    await shows(page, 'In your wallet', '100')
    await page.getByLabel('Amount to deposit').fill('10')
    await button(page, 'Deposit').click()
    await shows(page, 'Free in the escrow', '10')

    await chain.setAutomine(false)
    const sent = page.getByRole('list', { name: 'Your transactions' })
    try {
      for (const amount of ['6', '7']) {
        await page.getByLabel('Amount to withdraw').fill(amount)
        await button(page, 'Withdraw').click()
        await sent.getByText(`Withdrawal of ${amount}`).waitFor()
      }
      await page.reload()
      await sent.getByText('sent, waiting for a block').nth(1).waitFor()
      await screenshot(page, 'pending')
      await chain.mine(1)
      await sent.getByText(/^failed in block \d+: the free balance is 4.*, this needs 7/).waitFor()
      await sent
        .getByText(/^done, in block \d+/)
        .nth(1)
        .waitFor()
    } finally {
      await chain.setAutomine(true)
    }
    await shows(page, 'Free in the escrow', '4')
    await screenshot(page, 'failed')
    expect(await reader.balance(account)).toBe(4n * TOKEN)
    expect(tab.complaints).toEqual([])
    await page.close()
  })
})

/** Presses Tab until the control of this name has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < MOST_PRESSES; presses += 1) {
    await page.keyboard.press('Tab')
    if ((await focused(page)) === name) return
  }
  throw new Error(`Tab does not lead to ${name}`)
}

/** Returns the label or the text of the control that has the focus. */
function focused(page: Page): Promise<string> {
  return page.evaluate(`(() => {
    const at = document.activeElement
    return (at?.labels?.[0] ?? at)?.textContent?.trim() ?? ''
  })()`)
}

function button(page: Page, name: string) {
  return page.getByRole('button', { name, exact: true })
}

/** Waits until a figure of the balance shows `value`. */
async function shows(page: Page, name: string, value: string): Promise<void> {
  const figure = page.locator('.balances dl > div', { hasText: name }).locator('.number')
  await figure.getByText(value, { exact: true }).waitFor()
}

/** Waits until something has happened to the account. */
async function happens(page: Page, title: string): Promise<void> {
  await page.getByRole('list', { name: 'Activity' }).getByText(title, { exact: true }).first().waitFor()
}
