/** What a browser concludes first; then what it does not see. */
export const FILES: readonly string[] = [
  'test/properties/observed.test.ts',
  'test/properties/vary.test.ts',
  'test/properties/decide.test.ts',
  'test/core/decide.test.ts',
]
