/** Values of users and of requests, made safe to print: bounded, one line, ASCII, no control characters. */

const MAX_QUOTED_LENGTH = 80

/** A value as it may stand in a message: strings quoted, other things named by their kind. */
export function quote(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return quoteText(value)
    case 'undefined':
    case 'boolean':
      return String(value)
    case 'number':
    case 'bigint':
      return shorten(String(value))
    case 'object':
      if (value === null) return 'null'
      if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
      return value instanceof RegExp ? quoteExpression(value) : 'an object'
    default:
      return `a ${typeof value}`
  }
}

function quoteText(text: string): string {
  const shown = text.length > MAX_QUOTED_LENGTH ? text.slice(0, MAX_QUOTED_LENGTH) : text
  const rest = text.length - shown.length
  const escaped = printable(shown.replaceAll('\\', '\\\\')).replaceAll("'", "\\'")
  return rest === 0 ? `'${escaped}'` : `'${escaped}...' (${rest} more characters)`
}

function quoteExpression(expression: RegExp): string {
  return printable(shorten(`/${expression.source}/${expression.flags}`))
}

/** At most so much of a text as a line of a log has room for. */
export function shorten(text: string, most = MAX_QUOTED_LENGTH): string {
  return text.length > most ? `${text.slice(0, most)}...` : text
}

/** Everything but visible ASCII and the space as an escape sequence. */
export function printable(text: string): string {
  let escaped = ''
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code >= 0x20 && code <= 0x7e) escaped += text[index]
    else escaped += `\\u${code.toString(16).padStart(4, '0')}`
  }
  return escaped
}
