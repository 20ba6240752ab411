/** Stands for `node:stream` where there is none. */

export const Readable = { from: (chunks) => chunks }
