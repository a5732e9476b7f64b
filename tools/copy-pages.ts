/**
 * The last step of the build: what the program reads at run time and the compiler does not copy, the pages of lint's
 * rules. They lie beside the rules, in `dist/` as in the sources.
 *
 *     node tools/copy-pages.ts [DIST]
 */
import { copyFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import path from 'node:path'

const root = path.join(import.meta.dirname, '..')
const folder = path.join('cli', 'lint', 'rules')
const target = path.join(process.argv[2] ?? path.join(root, 'dist'), folder)
mkdirSync(target, { recursive: true })
const isPage = (name: string): boolean => name.endsWith('.md')
// Of rules that are no more, no page should be left.
for (const name of readdirSync(target).filter(isPage)) rmSync(path.join(target, name))
for (const name of readdirSync(path.join(root, folder)).filter(isPage)) {
  copyFileSync(path.join(root, folder, name), path.join(target, name))
}
