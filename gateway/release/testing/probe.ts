/** What a process of little rights makes of a store: `node probe.ts URL` prints it as one line of JSON. */
import { openStore } from '../open-store.ts'
import { StoreError } from '../store.ts'
import { draftNamed } from './drafts.ts'
import { reportOf } from './reports.ts'

const store = await openStore(process.argv[2] ?? '', { folder: process.cwd() })

async function problemOf(use: () => Promise<unknown>): Promise<string | null> {
  try {
    await use()
    return null
  } catch (error) {
    return error instanceof StoreError ? `${error.problem}: ${error.message}` : String(error)
  }
}

process.stdout.write(
  `${JSON.stringify({
    readOnly: store.readOnly,
    head: (await store.head())?.revision ?? null,
    instances: (await store.instances()).map((instance) => instance.process),
    publish: await problemOf(async () => await store.publish(draftNamed('b'), 1)),
    report: await problemOf(async () => await store.report(reportOf('one', 1))),
  })}\n`,
)
