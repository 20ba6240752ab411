/** Texts of requests and responses, made safe to print: one line, ASCII, bounded. */

const MAX_LENGTH = 200

export function printed(text: string): string {
  const rest = text.length - MAX_LENGTH
  const escaped = text.slice(0, MAX_LENGTH).replace(/[^ -~]/g, escapeSequence)
  return rest > 0 ? `${escaped}... (${rest} more characters)` : escaped
}

function escapeSequence(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
