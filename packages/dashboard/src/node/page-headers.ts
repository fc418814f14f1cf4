import { extname } from 'node:path'
import type { PageConfig } from '../state/page-config.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
}

/** Returns the headers of one file: its type, and what the page may do, which is very little. */
export function pageHeaders(name: string, config: PageConfig): Record<string, string> {
  return {
    'content-type': TYPES[extname(name)] ?? 'application/octet-stream',
    // Assets carry their digest in their name.
    'cache-control': name.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-store',
    'content-security-policy': policy(config),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin-allow-popups',
  }
}

/** Only this server's own files run; besides them the page reaches the chain's endpoints and nothing else. */
function policy({ network }: PageConfig): string {
  const endpoints = [...new Set(network.rpcUrls.map((url) => new URL(url).origin))]
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    // Wallets announce their icons as data.
    "img-src 'self' data:",
    `connect-src 'self' ${endpoints.join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}
