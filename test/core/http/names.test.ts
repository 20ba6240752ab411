import { describe, expect, it } from 'vitest'
import { isCorsField, REQUEST_FIELDS } from '../../../src/index.ts'

describe('a CORS field', () => {
  it.each([
    'access-control-allow-origin',
    'Access-Control-Allow-Origin',
    'ACCESS-CONTROL-X',
    'access-control-allow-private-network',
  ])('%s is one, which only the policy may set', (name) => {
    expect(isCorsField(name)).toBe(true)
  })

  it.each([
    '',
    'a',
    'access-control-',
    'access-contro-l-allow-origin',
    'x-access-control-allow-origin',
    '!ccess-control-allow-origin',
    'vary',
    'origin',
    'accept-encoding-and-more',
    'access-control-allow-origin ',
    'access-control-allow-origin:',
  ])('%s is none', (name) => {
    expect(isCorsField(name)).toBe(false)
  })
})

it('adapters read these request fields', () => {
  expect(REQUEST_FIELDS).toEqual({
    origin: 'origin',
    requestMethod: 'access-control-request-method',
    requestHeaders: 'access-control-request-headers',
    fetchSite: 'sec-fetch-site',
  })
  expect(Object.isFrozen(REQUEST_FIELDS)).toBe(true)
})
