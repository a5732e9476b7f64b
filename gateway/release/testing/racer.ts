/** One of two processes that publish to the same store as fast as they can: `node racer.ts URL SIDE ROUNDS`. */
import { openStore } from '../open-store.ts'
import { draftNamed } from './drafts.ts'

const [url = '', side = '', rounds = '0'] = process.argv.slice(2)
const store = await openStore(url, { folder: process.cwd() })
for (;;) {
  const head = (await store.head())?.revision ?? 0
  if (head >= Number(rounds)) break
  const publication = await store.publish(draftNamed(`${side}-${head + 1}`, side), head === 0 ? null : head)
  process.stdout.write(publication.ok ? `won ${publication.release.revision}\n` : `lost ${head + 1}\n`)
}
