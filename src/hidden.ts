/** Puts a value beside an object's data: neither listed nor copied with it. */
export function hide<Target extends object>(target: Target, place: symbol, value: unknown): Target {
  // Without a prototype, since somebody may have put `get` on everybody's.
  const hidden = { __proto__: null, value } as PropertyDescriptor
  return Object.defineProperty(target, place, hidden)
}
