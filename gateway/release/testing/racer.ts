/**
 * One of two processes that publish to the same store as fast as they can: `node racer.ts URL SIDE ROUNDS`. A folder
 * that is told as `no-links:FOLDER` is used as if its file system had no hard links.
 */
import { openFileStore } from '../file-store.ts'
import { openStore } from '../open-store.ts'
import { draftNamed } from './drafts.ts'

const [url = '', side = '', rounds = '0'] = process.argv.slice(2)
const store = url.startsWith('no-links:')
  ? await openFileStore({ folder: url.slice('no-links:'.length), hardLinks: false })
  : await openStore(url, { folder: process.cwd() })
for (;;) {
  const head = (await store.head())?.revision ?? 0
  if (head >= Number(rounds)) break
  const publication = await store.publish(draftNamed(`${side}-${head + 1}`, side), head === 0 ? null : head)
  process.stdout.write(publication.ok ? `won ${publication.release.revision}\n` : `lost ${head + 1}\n`)
}
