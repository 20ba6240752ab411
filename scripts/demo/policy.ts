/** The policy that all servers of the demo share. */

import { definePolicy } from 'crossgate'

export const policy = definePolicy({
  origin: ['https://app.example.com', 'https://*.partner.example'],
  credentials: true,
  methods: ['GET', 'POST'],
  allowedHeaders: ['Content-Type'],
  maxAge: 600,
})
