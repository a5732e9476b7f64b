/**
 * Replays a spool and prints what came out as JSON. It is copied together with the engine and run from the copy, in a
 * process of its own, because a changed module must not be the one that was loaded before.
 */
import { replayRecorded } from '../../cli/replay/index.ts'

const { requests, equal, different } = await replayRecorded(process.argv[2] ?? '')
process.stdout.write(JSON.stringify({ requests, equal, different }))
