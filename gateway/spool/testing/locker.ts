/**
 * One of several processes that want the same spool folder at once: `node locker.ts FOLDER`. For every line it reads it
 * tries once, and says `held` or `refused`; whoever holds the folder gives it back at the next line.
 */
import { createInterface } from 'node:readline'
import { type FolderLock, SpoolLockedError, lockFolder } from '../lock.ts'

let lock: FolderLock | null = null
for await (const line of createInterface({ input: process.stdin })) {
  lock?.release()
  lock = null
  if (line === 'release') {
    process.stdout.write('released\n')
    continue
  }
  // All start at the same moment, which the line names.
  while (Date.now() < Number(line));
  try {
    lock = lockFolder(process.argv[2] ?? '')
    process.stdout.write('held\n')
  } catch (error) {
    if (!(error instanceof SpoolLockedError)) throw error
    process.stdout.write('refused\n')
  }
}
