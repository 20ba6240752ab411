/**
 * A map of what comes again and again. Once there is much in it, what was not asked for since the last time
 * is forgotten, so that a flood of new entries does not push out those that are in use.
 */
export interface Generations<Key, Value> {
  readonly find: (key: Key) => Value | undefined
  readonly put: (key: Key, value: Value) => void
}

/** @param most Entries, in two halves. What an attacker can vary is bounded by this. */
export function generations<Key, Value>(most: number): Generations<Key, Value> {
  // Most policies never need them.
  let young: Map<Key, Value> | undefined
  let old: Map<Key, Value> | undefined

  function put(key: Key, value: Value): void {
    if (young === undefined || young.size >= most / 2) {
      old = young
      young = new Map()
    }
    young.set(key, value)
  }

  return {
    find: (key) => {
      const found = young?.get(key)
      if (found !== undefined || old === undefined) return found
      const aged = old.get(key)
      if (aged !== undefined) put(key, aged)
      return aged
    },
    put,
  }
}
