/** One policy for many routes of Next.js 16; before version 16 the file and the function are `middleware`. */

import { withCors } from 'crossgate/fetch'
import { NextResponse } from 'next/server'

const policy = { origin: 'https://app.example.com', credentials: true, maxAge: 600 }

export const proxy = withCors(policy, () => NextResponse.next())

export const config = { matcher: '/api/:path*' }
