/**
 * Replays a spool through a copy of the engine that lies in another folder, and prints what came out as JSON. A process
 * of its own, because a changed module must not be the one that was loaded before.
 */
import { join } from 'node:path'

const [root = '', spool = ''] = process.argv.slice(2)
const { replayRecorded } = await import(join(root, 'cli/replay/index.ts'))
const { compileManifest } = await import(join(root, 'gateway/core/manifest/compile.ts'))
const { requests, equal, different } = await replayRecorded(spool, compileManifest)
process.stdout.write(JSON.stringify({ requests, equal, different }))
