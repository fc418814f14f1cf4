import type { ChainError } from './errors.ts'
import { CHAIN_LIMITS } from './limits.ts'
import type { Receipt } from './receipt.ts'

/** Where those who wait for a transaction meet its receipt, by the transaction's id. */
export interface ReceiptDesk {
  /** Returns a receipt that is here already. */
  known(id: string): Receipt | undefined
  /** Resolves with the receipt when it arrives; ends with the signal. */
  wait(id: string, signal?: AbortSignal): Promise<Receipt>
  /** Hands a receipt to everyone who waits for it. */
  land(id: string, receipt: Receipt): void
  /** Forgets a receipt that a reorganisation took back. */
  vanish(id: string): void
  /** Tells everyone who waits for `id` that there will be no receipt. */
  refuse(id: string, error: ChainError): void
  /** Sends everyone away. */
  close(error: ChainError): void
}

interface Waiter {
  resolve(receipt: Receipt): void
  reject(error: unknown): void
}

/** Makes an empty desk. */
export function createReceiptDesk(): ReceiptDesk {
  const landed = new Map<string, Receipt>()
  const waiters = new Map<string, Set<Waiter>>()

  const join = (id: string, waiter: Waiter) => waiters.set(id, (waiters.get(id) ?? new Set()).add(waiter))
  const leave = (id: string, waiter: Waiter) => {
    const set = waiters.get(id)
    set?.delete(waiter)
    if (set?.size === 0) waiters.delete(id)
  }
  const refuse = (id: string, error: ChainError) => {
    for (const waiter of waiters.get(id) ?? []) waiter.reject(error)
  }
  return {
    known: (id) => landed.get(id),
    async wait(id, signal) {
      signal?.throwIfAborted()
      const { promise, resolve, reject } = Promise.withResolvers<Receipt>()
      const waiter = { resolve, reject }
      const stop = () => reject(signal?.reason)
      join(id, waiter)
      signal?.addEventListener('abort', stop, { once: true })
      try {
        return await promise
      } finally {
        signal?.removeEventListener('abort', stop)
        leave(id, waiter)
      }
    },
    land(id, receipt) {
      landed.set(id, receipt)
      const [oldest] = landed.keys()
      if (landed.size > CHAIN_LIMITS.finalTransactions && oldest !== undefined) landed.delete(oldest)
      for (const waiter of waiters.get(id) ?? []) waiter.resolve(receipt)
    },
    vanish: (id) => landed.delete(id),
    refuse,
    close(error) {
      for (const id of waiters.keys()) refuse(id, error)
    },
  }
}
