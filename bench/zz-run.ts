import { mkdtempSync, rmSync } from 'node:fs'
import { cases } from './cases/index.ts'
import { pinSelf } from './harness/process.ts'
import { startFloor, startGateway, findBuilds } from './harness/subject.ts'
import { startUpstream } from './harness/upstream.ts'
import { renderTable } from './harness/report.ts'
pinSelf(1)
const directory = mkdtempSync('/tmp/aigw-bench-')
const upstream = await startUpstream()
const serve = [process.execPath, new URL('./zz-serve.ts', import.meta.url).pathname]
const floor = await startFloor(upstream.port)
const rows = []
let gateway
try {
  gateway = await startGateway({ serve, upstreamPort: upstream.port, directory })
  for (const name of process.argv.slice(2)) rows.push(...(await cases[name]!.run({ quick: true, upstream, floor, gateway, builds: { ...findBuilds(), serve }, directory, say: () => {} })))
} finally { await floor.process.stop(); await gateway?.process.stop(); await upstream.close(); rmSync(directory, { recursive: true }) }
console.log(renderTable(rows))
