/** Tokens: method and field names (RFC 9110, section 5.6.2). */

const TOKEN_CHARACTERS =
  "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

const isTokenCode: readonly boolean[] = Array.from({ length: 128 }, (_, code) =>
  TOKEN_CHARACTERS.includes(String.fromCharCode(code)),
)

/** Whether `text` is a token: one or more of the characters that RFC 9110 allows in a name. */
export function isToken(text: string): boolean {
  if (text.length === 0) return false
  for (let index = 0; index < text.length; index += 1) {
    if (isTokenCode[text.charCodeAt(index)] !== true) return false
  }
  return true
}

/**
 * Whether `text` may stand as a field value (RFC 9110, section 5.5): visible ASCII, with
 * spaces and tabs inside, never at an end. Narrower than the RFC, which still knows `obs-text`.
 */
export function isFieldValue(text: string): boolean {
  if (text.length === 0 || text.trim() !== text) return false
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code !== 0x09 && (code < 0x20 || code > 0x7e)) return false
  }
  return true
}
