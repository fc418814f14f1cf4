// Runs in the page before anything else: a wallet extension's provider (EIP-1193) and its announcement (EIP-6963).
// What it is asked goes to the test that plays its owner.
const listeners = new Map()

const tell = (event, value) => {
  for (const listener of listeners.get(event) ?? []) listener(value)
}

const provider = {
  async request({ method, params }) {
    const answer = await globalThis.askTestWallet({ method, params })
    if (answer.error !== undefined) {
      throw Object.assign(new Error(answer.error.message), { code: answer.error.code })
    }
    if (/^wallet_(switch|add)/.test(method)) tell('chainChanged', params[0].chainId)
    return answer.result
  },
  on(event, listener) {
    listeners.set(event, (listeners.get(event) ?? new Set()).add(listener))
  },
  removeListener(event, listener) {
    listeners.get(event)?.delete(listener)
  },
}

const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="4" fill="orange"/></svg>'
const info = {
  uuid: '350670db-19fa-4704-a166-e52e178b59d2',
  name: 'Test Wallet',
  icon: `data:image/svg+xml,${encodeURIComponent(icon)}`,
  rdns: 'example.test-wallet',
}
const detail = Object.freeze({ info, provider })
const announce = () => dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail }))

addEventListener('eip6963:requestProvider', announce)
announce()
