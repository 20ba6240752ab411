/**
 * Plugins of Fastify, on instances that answer by themselves. A hook in front holds each request back
 * until it is timed: from there on it is Fastify's own way, hooks, handler, and the head.
 */

import type { FastifyReply } from 'fastify'
import fastify from 'fastify'
import { answerOf, exchangeMaker, type NodeExchange } from '../exchange.ts'
import type { Kind, Lane } from '../lane.ts'
import { turnstile } from '../later.ts'
import { isLater } from '../rule.ts'
import type { Application } from '../scenarios.ts'
import { FASTIFY_SUBJECTS } from '../subjects/fastify.ts'
import { subjectOf } from '../subjects/subjects.ts'

interface HeldExchange extends NodeExchange {
  readonly goOn: () => void
}

function setOwn(reply: FastifyReply): void {
  reply.header('content-type', 'text/plain')
  reply.header('x-total', '7')
}

const APPLICATIONS: Partial<Record<Application, (reply: FastifyReply) => void>> = {
  none: () => {},
  sets: setOwn,
  vary: (reply) => {
    setOwn(reply)
    reply.header('vary', 'Accept-Encoding')
  },
  removes: (reply) => {
    for (const name of Object.keys(reply.getHeaders())) reply.removeHeader(name)
    setOwn(reply)
  },
}

export const kind: Kind = {
  subjects: Object.keys(FASTIFY_SUBJECTS),
  applications: Object.keys(APPLICATIONS) as Application[],
  async prepare(subject, scenario): Promise<Lane<HeldExchange>> {
    const { application } = scenario
    const instance = fastify()
    const { answered, run } = turnstile()
    const held: (() => void)[] = []
    instance.addHook('onRequest', (_request, _reply, done) => void held.push(done))
    await subjectOf(FASTIFY_SUBJECTS, subject)(scenario)(instance)
    const later = isLater(scenario.rule)
    const fields = APPLICATIONS[application]
    instance.route({
      method: ['GET', 'OPTIONS'],
      url: '/',
      handler(_request, reply) {
        fields?.(reply)
        // Without a layer there is no answer to a preflight.
        if (application === 'none') reply.hijack()
        else reply.send('')
        if (later) answered()
      },
    })
    await instance.ready()
    const make = exchangeMaker(scenario.request)
    return {
      make: (count) => {
        const exchanges = make(count)
        for (const { request, response } of exchanges) instance.routing(request, response)
        const waiting = held.splice(0)
        return exchanges.map((exchange, index) => ({ ...exchange, goOn: waiting[index] ?? fail }))
      },
      run: later
        ? (exchanges) => run(exchanges, ({ goOn }) => goOn())
        : (exchanges) => {
            for (let index = 0; index < exchanges.length; index += 1) exchanges[index]?.goOn()
          },
      answerOf,
    }
  },
}

function fail(): never {
  throw new Error('the instance did not hold a request back')
}
