import { mkdtempSync, rmSync } from 'node:fs'
import { loadStreams } from './cases/stream.ts'
import { pinSelf } from './harness/process.ts'
import { startFloor, startGateway } from './harness/subject.ts'
import { startUpstream } from './harness/upstream.ts'
pinSelf(1)
const directory = mkdtempSync('/tmp/aigw-bench-')
const upstream = await startUpstream()
const serve = [process.execPath, new URL('./zz-serve.ts', import.meta.url).pathname]
const s = process.argv[2] === 'floor' ? await startFloor(upstream.port) : await startGateway({ serve, upstreamPort: upstream.port, directory })
const out = []
for (let i = 0; i < 40; i++) { await loadStreams(upstream, s, 1500); out.push((s.process.rssBytes() / 1048576).toFixed(0)) }
console.log(out.join(' '))
await s.process.stop(); await upstream.close(); rmSync(directory, { recursive: true })
