/** What a handler of the application answers, as lines: for whatever makes responses or results of them. */

/** Stands for Node's response, as far as the application's handlers use it. */
export function recordedResponse(done) {
  let stored = []
  let status = 200
  const remove = (name) => {
    stored = stored.filter(([own]) => own.toLowerCase() !== name.toLowerCase())
  }
  const response = {
    setHeader: (name, value) => {
      remove(name)
      stored.push(...linesOf(name, value))
    },
    getHeaderNames: () => stored.map(([name]) => name.toLowerCase()),
    removeHeader: remove,
    writeHead: (code, ...rest) => {
      status = code
      const given = pairsOf(rest.at(-1))
      for (const [name] of given) remove(name)
      stored.push(...given.flatMap(([name, value]) => linesOf(name, value)))
    },
    end: (body) => done({ status, lines: stored, body }),
  }
  return response
}

function linesOf(name, value) {
  return [value].flat().map((line) => [name, line])
}

/** writeHead takes an object, pairs, or a flat list. */
function pairsOf(given) {
  if (!Array.isArray(given)) return Object.entries(given)
  if (Array.isArray(given[0])) return given
  return given.flatMap((name, index) => (index % 2 === 0 ? [[name, given[index + 1]]] : []))
}

/**
 * Runs a route. The body is text, or an iterable of chunks.
 *
 * @returns {Promise<{status: number, lines: [string, string][], body: unknown}>} Rejects with what the handler throws.
 */
export function recorded(route) {
  return new Promise((resolve, reject) => {
    const lines = []
    const reply = {
      set: (name, value) => lines.push(...linesOf(name, value)),
      send: (status, body) => resolve({ status, lines, body }),
      redirect: (location) =>
        resolve({ status: 302, lines: [...lines, ['location', location]], body: '' }),
      stream: (body) => resolve({ status: 200, lines, body }),
      raw: () => recordedResponse(resolve),
    }
    run(route, reply, reject)
  })
}

/** Runs a route. What it rejects with is handled at once, before a runtime can call it unhandled. */
export async function run(route, reply, reject) {
  try {
    await route.run(reply)
  } catch (error) {
    reject(error)
  }
}
