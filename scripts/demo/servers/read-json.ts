import type { IncomingMessage } from 'node:http'
import { json } from 'node:stream/consumers'
import { BODY_LIMIT } from '../requests.ts'

/** What a request carries, unless its length is unknown or above the limit. */
export async function readJson(request: IncomingMessage): Promise<object | undefined> {
  const length = Number(request.headers['content-length'])
  return length <= BODY_LIMIT ? ((await json(request)) as object) : undefined
}
