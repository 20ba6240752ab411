/** Watches a folder for edits of whatever is in it, and finds out where it was replaced itself. */

import { type FSWatcher, promises, watch } from 'node:fs'

export interface FolderWatch {
  /**
   * Sees to it that the folder that now has the name is watched. Answers why it is not, if so; a folder
   * that is not there is no failure, since whoever reads a file in it is told. Never rejects.
   */
  establish(): Promise<unknown>
  close(): void
}

/**
 * A folder, and not a file in it: who replaces a file by renaming another gives its name to a file that
 * nobody watches, and who swaps a symbolic link does not touch the file at all.
 */
export function watchFolder(folder: string, onEdit: () => void): FolderWatch {
  let watcher: FSWatcher | undefined
  let watched: string | undefined
  let lost: unknown
  let closed = false

  function end(): void {
    watcher?.close()
    watcher = undefined
    watched = undefined
  }

  function begin(identity: string): void {
    watcher = watch(folder, { persistent: false }, onEdit)
    watcher.on('error', (error) => {
      end()
      lost = error
      onEdit()
    })
    watched = identity
  }

  return {
    establish: async () => {
      const identity = await identityOf(folder)
      if (closed) return undefined
      const failure = lost
      lost = undefined
      if (identity === watched) return failure
      end()
      try {
        if (identity !== undefined) begin(identity)
        return failure
      } catch (error) {
        return error
      }
    },
    close: () => {
      closed = true
      end()
    },
  }
}

/** A folder that was deleted and made again can have the number of the old one, but not its time. */
async function identityOf(folder: string): Promise<string | undefined> {
  try {
    const { dev, ino, birthtimeMs } = await promises.stat(folder)
    return `${dev} ${ino} ${birthtimeMs}`
  } catch {
    return undefined
  }
}
