import { execFileSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'

/** A disk of 512 MB in memory; null where this user may not mount one. */
export function mountSmallDisk(): { folder: string; unmount(): void } | null {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'millrace-small-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=512m', 'tmpfs', folder], { stdio: 'ignore' })
  } catch {
    rmSync(folder, { recursive: true })
    return null
  }
  return {
    folder,
    unmount() {
      execFileSync('umount', ['-l', folder], { stdio: 'ignore' })
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Writes until nothing more fits; answers how to make room again. */
export function fillDisk(folder: string): () => void {
  const file = path.join(folder, 'ballast')
  const out = openSync(file, 'w')
  for (let size = 1 << 20; size >= 1 << 10; size /= 4) {
    const block = Buffer.alloc(size)
    try {
      for (;;) if (writeSync(out, block) < size) break
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
    }
  }
  closeSync(out)
  return () => rmSync(file, { force: true })
}
