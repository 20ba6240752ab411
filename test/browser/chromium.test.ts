import { describe, expect, it } from 'vitest'
import { findChromium } from './chromium.ts'

describe('Chromium', () => {
  it('is where CHROMIUM_PATH says', () => {
    expect(findChromium({ CHROMIUM_PATH: process.execPath })).toBe(process.execPath)
  })

  it('is never left out: who has none is told what to install', () => {
    expect(() => findChromium({ CHROMIUM_PATH: '/nowhere' })).toThrow(
      'no Chromium at CHROMIUM_PATH, which is /nowhere: install it (apt-get install chromium) or set CHROMIUM_PATH',
    )
  })
})
