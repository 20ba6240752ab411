/** Debian's Chromium, without its own traffic, and with host names of ours. */

import { createHash, X509Certificate } from 'node:crypto'
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'
import { CERTIFICATE } from '../adapters/wire.ts'

const PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/lib/chromium/chromium']

/** @throws where there is none: nothing here is proven without it. */
export function findChromium({ CHROMIUM_PATH: given } = process.env): string {
  const path = given === undefined ? PATHS.find(existsSync) : [given].find(existsSync)
  if (path !== undefined) return path
  const sought = given === undefined ? PATHS.join(', ') : `CHROMIUM_PATH, which is ${given}`
  throw new Error(
    `no Chromium at ${sought}: install it (apt-get install chromium) or set CHROMIUM_PATH`,
  )
}

/**
 * @param rules Where hosts are, as `--host-resolver-rules` takes it.
 * @param trusted An origin of http that counts as secure.
 */
export function launchChromium(rules: string, trusted: string): Promise<Browser> {
  return chromium.launch({
    executablePath: findChromium(),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--no-proxy-server',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // Unlike `--ignore-certificate-errors`, it leaves the HTTP cache on.
      `--ignore-certificate-errors-spki-list=${fingerprint()}`,
      `--host-resolver-rules=${rules}`,
      `--unsafely-treat-insecure-origin-as-secure=${trusted}`,
    ],
  })
}

/** Of the key of the tests' certificate. */
function fingerprint(): string {
  const key = new X509Certificate(CERTIFICATE.cert).publicKey
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('base64')
}
