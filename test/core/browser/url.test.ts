import { afterEach, describe, expect, it, vi } from 'vitest'
import { originOf, simulate } from '../../../src/browser/index.ts'
import { API, PAGE } from '../../tables/browser-requests.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

describe('the origin of a URL', () => {
  it.each([
    ['https://App.example:443/login?a#b', 'https://app.example'],
    ['http://127.1:8080', 'http://127.0.0.1:8080'],
    ['https://b\u00fccher.example/', 'https://xn--bcher-kva.example'],
    ['http://[0:0::1]/', 'http://[::1]'],
    ['data:text/html,x', 'null'],
    ['file:///etc/hosts', 'null'],
  ])('%s is %s', (url, origin) => {
    expect(originOf(url)).toBe(origin)
  })

  it.each(['', '/path', 'https://'])('%j has none', (url) => {
    expect(() => originOf(url)).toThrow(
      new TypeError(`url is '${url}'; give an absolute URL, as 'https://app.example.com/login'`),
    )
  })
})

describe('a runtime without URL', () => {
  it('is told so', () => {
    vi.stubGlobal('URL', undefined)
    const without = new TypeError('this runtime has no global URL')
    expect(() => originOf(PAGE)).toThrow(without)
    expect(() => simulate({ from: PAGE, url: API }, () => ({ status: 200, headers: [] }))).toThrow(
      without,
    )
  })
})
