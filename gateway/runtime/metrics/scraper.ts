/** Reads the gateway off for `/metrics`, and has it rendered. */
import type { Server } from 'node:net'
import { describeDetails, describeInstance, type StatusParts } from '../status.ts'
import type { Exposition } from './exposition.ts'
import { readProcessUsage } from './process-usage.ts'
import { spoolDiskReader } from './spool-disk.ts'

export interface ScraperOptions {
  readonly parts: () => StatusParts
  readonly spoolDirectory: string | null
  /** By the name they have in `aigw_open_connections`. */
  readonly listeners: () => Readonly<Record<string, Server>>
}

export type Scraper = () => Promise<{ readonly contentType: string; readonly text: string }>

export function makeScraper({ parts, spoolDirectory, listeners }: ScraperOptions): Scraper {
  const readDisk = spoolDiskReader(spoolDirectory)
  const startedAtSeconds = performance.timeOrigin / 1000
  let exposition: Promise<Exposition> | null = null
  return async () => {
    exposition ??= import('./exposition.ts').then((module) => new module.Exposition())
    const opened = await exposition
    const [disk, connections] = await Promise.all([readDisk(), countConnections(listeners())])
    const now = parts()
    const { process } = now.runtime
    const text = await opened.render({
      counts: process.counts,
      status: { ...describeInstance(now), ...describeDetails(now) },
      reloads: now.loader.reloads(),
      answering: process.answering,
      shedding: process.shedding.isOn(),
      overload: process.overload.report(),
      connections,
      disk,
      process: readProcessUsage(startedAtSeconds),
    })
    return { contentType: opened.contentType, text }
  }
}

async function countConnections(listeners: Readonly<Record<string, Server>>): Promise<Record<string, number>> {
  const counted: Record<string, number> = {}
  for (const [name, server] of Object.entries(listeners)) {
    counted[name] = await new Promise((settle) => server.getConnections((error, count) => settle(error ? 0 : count)))
  }
  return counted
}
