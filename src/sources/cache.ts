/**
 * A map with a bound, in which what is asked for stays: the second-chance algorithm.
 *
 * To find something only sets a flag. When there is no room, a hand goes round: it takes back the
 * flags that it meets, and removes the first entry that has none. It is least recently used in effect,
 * without any reordering when something is found.
 */

export interface Cache<Value> {
  /** The value that is kept, which then counts as used. */
  readonly get: (key: string) => Value | undefined
  readonly set: (key: string, value: Value) => void
  readonly delete: (key: string) => void
  readonly values: () => Iterable<Value>
  readonly clear: () => void
  readonly size: () => number
  /** How many entries had to make room for others. */
  readonly evicted: () => number
}

interface Slot<Value> {
  value: Value
  isUsed: boolean
}

export function createCache<Value>(bound: number): Cache<Value> {
  const slots = new Map<string, Slot<Value>>()
  // An iterator of a map goes on over what is added meanwhile.
  let hand = slots.entries()
  let evicted = 0

  function makeRoom(): void {
    while (slots.size >= bound) {
      const next = hand.next()
      if (next.done === true) {
        hand = slots.entries()
        continue
      }
      const [key, slot] = next.value
      if (slot.isUsed) slot.isUsed = false
      else {
        slots.delete(key)
        evicted += 1
      }
    }
  }

  return Object.freeze({
    get: (key: string) => {
      const slot = slots.get(key)
      if (slot === undefined) return undefined
      slot.isUsed = true
      return slot.value
    },
    set: (key: string, value: Value) => {
      const slot = slots.get(key)
      if (slot !== undefined) {
        slot.value = value
        return
      }
      makeRoom()
      slots.set(ownText(key), { value, isUsed: false })
    },
    delete: (key: string) => {
      slots.delete(key)
    },
    values: function* () {
      for (const { value } of slots.values()) yield value
    },
    clear: () => slots.clear(),
    size: () => slots.size,
    evicted: () => evicted,
  })
}

/**
 * The same text in memory of its own. Engines keep a part of a text together with the whole, so that a
 * few letters of a long path would keep all of it.
 */
function ownText(text: string): string {
  return text.split('').join('')
}
