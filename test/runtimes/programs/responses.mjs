/** Responses of the Fetch API, made of what a handler of the application answers. */

const WITHOUT_BODY = [204, 304]

export function responseOf({ status, lines, body }) {
  const headers = new Headers()
  for (const [name, value] of lines) headers.append(name, value)
  return new Response(WITHOUT_BODY.includes(status) ? null : bodyOf(body), { status, headers })
}

export function bodyOf(body) {
  return typeof body === 'string' ? body : streamOf(body)
}

function streamOf(chunks) {
  const iterator = (chunks[Symbol.asyncIterator] ?? chunks[Symbol.iterator]).call(chunks)
  const encoder = new TextEncoder()
  return new ReadableStream({
    pull: async (controller) => {
      const { done, value } = await iterator.next()
      if (done) controller.close()
      else controller.enqueue(encoder.encode(String(value)))
    },
  })
}
