/** Numbers as fields spell them. */

/** One digit or more. */
export function isDigits(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code < 0x30 || code > 0x39) return false
  }
  return text !== ''
}

/** Digits, which a point and more digits may follow. */
export function isDecimal(text: string): boolean {
  const parts = text.split('.')
  return parts.length <= 2 && parts.every(isDigits)
}
