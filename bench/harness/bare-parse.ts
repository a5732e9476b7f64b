/** The floor of `validate`: reads a YAML file with the `yaml` library, cold, and prints how long the parse took. */
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'

const text = readFileSync(process.argv[2] ?? '', 'utf8')
const startedAt = performance.now()
parse(text)
process.stdout.write(`${performance.now() - startedAt}\n`)
