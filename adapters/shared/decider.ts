/** Deciders on Node: with its clock, and with its diagnostics channels. */

import { channel } from 'node:diagnostics_channel'
import { type Channels, createDecider, type Decider, type PolicySource } from '../../src/index.ts'
import { systemClock } from './clock.ts'

/** They cost a comparison for each request as long as nobody subscribes. */
const CHANNELS: Channels = {
  decision: channel('crossgate:decision'),
  replaced: channel('crossgate:replaced'),
}

/** @throws {CorsConfigError} where the options of the source are wrong. */
export function createNodeDecider<Request>(source: PolicySource<Request>): Decider<Request> {
  return createDecider(source, systemClock, CHANNELS)
}
