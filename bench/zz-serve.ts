import { parseArgs } from 'node:util'
import { startGateway } from '../gateway/main.ts'
const { values } = parseArgs({ allowPositionals: true, options: { manifest: { type: 'string' }, port: { type: 'string' }, 'admin-port': { type: 'string' }, spool: { type: 'string' } } })
const gateway = await startGateway({ manifestFile: values.manifest!, folder: process.cwd(), variables: {}, host: '127.0.0.1', port: Number(values.port), adminPort: Number(values['admin-port']), spoolDirectory: values.spool!, allowOpen: false, requireSecrets: false, drainTimeoutMs: 1000, version: '0', env: process.env, log: () => {} })
process.on('SIGTERM', () => void gateway.close().then(() => process.exit(0)))
