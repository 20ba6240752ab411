/** Bodies as pages read them: browsers ask for compression, and undo it. */

import { brotliDecompressSync, constants, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib'
import type { Field } from '../../src/browser/index.ts'

/** The `Accept-Encoding` of browsers (Fetch standard, "HTTP-network-or-cache fetch"). */
export function acceptedEncoding(headers: readonly Field[]): string {
  return headers.some(([name]) => name === 'range') ? 'identity' : 'gzip, deflate, br'
}

type Decoder = (bytes: Uint8Array) => Uint8Array

// Browsers show what came of a body that was cut.
const LENIENT = { finishFlush: constants.Z_SYNC_FLUSH }
const ZLIB_METHOD = 8

const gunzip: Decoder = (bytes) => gunzipSync(bytes, LENIENT)

const DECODERS: ReadonlyMap<string, Decoder> = new Map([
  ['gzip', gunzip],
  ['x-gzip', gunzip],
  ['deflate', inflate],
  [
    'br',
    (bytes: Uint8Array) =>
      brotliDecompressSync(bytes, { finishFlush: constants.BROTLI_OPERATION_FLUSH }),
  ],
])

/** @throws {Error} for bytes that are not encoded as `Content-Encoding` says. */
export function decoded(headers: readonly Field[], bytes: Uint8Array): Uint8Array {
  const codings = headers
    .filter(([name]) => name.toLowerCase() === 'content-encoding')
    .flatMap(([, value]) => value.split(','))
    .map((coding) => coding.trim().toLowerCase())
  const decoders = codings.flatMap((coding) => DECODERS.get(coding) ?? [])
  // A coding that nobody knows leaves all of them undone.
  if (bytes.length === 0 || decoders.length < codings.length) return bytes
  return decoders.reduceRight((encoded, decode) => decode(encoded), bytes)
}

/** Some servers leave the header of zlib out, and browsers take both. */
function inflate(bytes: Uint8Array): Uint8Array {
  const isZlib = ((bytes[0] ?? 0) & 0x0f) === ZLIB_METHOD
  return (isZlib ? inflateSync : inflateRawSync)(bytes, LENIENT)
}
