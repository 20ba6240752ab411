/**
 * The context of an invocation. On Node 22 and earlier it has functions that answer; the wrapper's have
 * to take their place, or what a handler answers with goes out without the headers.
 */

/** Takes the first answer of a handler; whatever follows is ignored. */
export interface Answer {
  readonly succeed: (result?: unknown) => void
  readonly fail: (error?: unknown) => void
  /** Fails where there is an error, and otherwise succeeds. */
  readonly done: (error?: unknown, result?: unknown) => void
}

/** Whether handlers can answer through it: on Node 22 and earlier, where there are callbacks as well. */
export function canAnswer(context: unknown): context is Answer {
  return typeof (context as Partial<Answer> | null | undefined)?.succeed === 'function'
}

/**
 * A context whose `succeed`, `fail` and `done` are those of an answer. All else is read from the one that
 * is given, and written to it.
 *
 * @returns The very same context where it cannot answer.
 */
export function answeringContext<Context>(context: Context, answer: Answer): Context {
  if (!canAnswer(context)) return context
  return new Proxy<Context & Answer>(context, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name)
      if (typeof value !== 'function' || isFixed(target, name)) return value
      if (name === 'succeed' || name === 'fail' || name === 'done') return answer[name]
      // A method of a class may need what is private to its instance.
      const isMethod = !Object.hasOwn(target, name) && name !== 'constructor'
      return isMethod ? value.bind(target) : value
    },
    set: (target, name, value) => Reflect.set(target, name, value),
  })
}

/** A proxy has to give what is there where it can never change, as on a frozen object. */
function isFixed(target: object, name: PropertyKey): boolean {
  const property = Reflect.getOwnPropertyDescriptor(target, name)
  return property?.configurable === false && property.writable === false
}
