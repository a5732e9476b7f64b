import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

interface Package {
  readonly name: string
  readonly version: string
  readonly root: string
}

let known: Package | null = null

/** Our own package.json: one folder up from `cli/` in a checkout, two in `dist/cli/`. */
export function readPackage(): Package {
  known ??= findPackage(import.meta.dirname)
  return known
}

function findPackage(start: string): Package {
  for (let folder = start; folder !== dirname(folder); folder = dirname(folder)) {
    const found = readPackageAt(folder)
    if (found !== null) return found
  }
  throw new Error(`no package.json above ${start}`)
}

function readPackageAt(root: string): Package | null {
  let text: string
  try {
    text = readFileSync(join(root, 'package.json'), 'utf8')
  } catch {
    return null
  }
  const value: unknown = JSON.parse(text)
  if (typeof value !== 'object' || value === null || !('name' in value) || !('version' in value)) return null
  return { name: String(value.name), version: String(value.version), root }
}
