/** A plugin of Nitro 3: around the application, so that its errors and 404s are covered, too. */

import { createCors } from 'crossgate/fetch'
import { toRequest } from 'nitro/h3'
import { defineNitroPlugin } from 'nitro/runtime'

const cors = createCors({ origin: 'https://app.example.com', credentials: true, maxAge: 600 })

export default defineNitroPlugin((app) => {
  const { fetch } = app
  app.fetch = (input, init, context) => {
    // What the application asks itself for; the answer to the page is seen to when it is sent.
    if (typeof input === 'string') return fetch(input, init, context)
    const request = toRequest(input, init)
    return cors(request, () => fetch(request, undefined, context))
  }
})
