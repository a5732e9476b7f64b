/** The process: its audit trail, its callers' connections, and what it takes of its machine. */
import type { Metric } from './definition.ts'
import { optional, single } from './definition.ts'

const spoolMetrics: readonly Metric[] = [
  {
    name: 'aigw_spool_last_seq',
    type: 'gauge',
    help: 'Number of the newest line of the audit trail',
    labels: [],
    read: ({ status }) => optional(status.spool?.last_seq),
  },
  {
    name: 'aigw_spool_written_bytes_total',
    type: 'counter',
    help: 'Written to the audit trail by this process, lines and content',
    labels: [],
    read: ({ status }) => optional(status.spool?.written_bytes),
  },
  {
    name: 'aigw_spool_waiting_bytes',
    type: 'gauge',
    help: 'Lines and content that are not written yet',
    labels: [],
    read: ({ status }) => optional(status.spool?.waiting_bytes),
  },
  {
    name: 'aigw_spool_unsynced_bytes',
    type: 'gauge',
    help: 'Written, and perhaps not yet on the disk',
    labels: [],
    read: ({ status }) => optional(status.spool?.unsynced_bytes),
  },
  {
    name: 'aigw_spool_failing',
    type: 'gauge',
    help: 'Can the audit trail not be written now? No request is taken then, unless records may be dropped',
    labels: [],
    read: ({ status: { spool } }) => optional(spool === null ? null : Number(spool.failing)),
  },
  {
    name: 'aigw_spool_failures_total',
    type: 'counter',
    help: 'How often writing the audit trail began to fail',
    labels: [],
    read: ({ status }) => optional(status.spool?.failures),
  },
  {
    name: 'aigw_spool_refusals_total',
    type: 'counter',
    help: 'Requests not taken because the audit trail could not be written',
    labels: [],
    read: ({ status }) => optional(status.spool?.refusals),
  },
  {
    name: 'aigw_spool_dropped_requests_total',
    type: 'counter',
    help: 'Requests served without a record, because the audit trail could not be written',
    labels: [],
    read: ({ status }) => optional(status.spool?.dropped_requests),
  },
  {
    name: 'aigw_spool_disk_bytes',
    type: 'gauge',
    help: 'What the whole audit trail takes on the disk, earlier processes included',
    labels: [],
    read: ({ disk }) => optional(disk?.bytes),
  },
  {
    name: 'aigw_spool_segments',
    type: 'gauge',
    help: 'Its files, earlier processes included',
    labels: [],
    read: ({ disk }) => optional(disk?.segments),
  },
]

const ownMetrics: readonly Metric[] = [
  {
    name: 'aigw_requests_in_flight',
    type: 'gauge',
    help: 'Requests under way',
    labels: [],
    read: ({ status }) => single(status.inFlight),
  },
  {
    name: 'aigw_callers_waiting',
    type: 'gauge',
    help: 'Callers whose answer has not gone out to its last byte; more than the requests under way where callers read slowly',
    labels: [],
    read: ({ answering }) => single(answering),
  },
  {
    name: 'aigw_shedding',
    type: 'gauge',
    help: 'Is load being turned away?',
    labels: [],
    read: ({ shedding }) => single(Number(shedding)),
  },
  {
    name: 'aigw_open_connections',
    type: 'gauge',
    help: 'Open connections by listener',
    labels: ['aigw_listener'],
    read: ({ connections }) =>
      Object.entries(connections).map(([listener, value]) => ({ labels: { aigw_listener: listener }, value })),
  },
  {
    name: 'aigw_build_info',
    type: 'gauge',
    help: 'What runs here; always 1',
    labels: ['aigw_version', 'aigw_node'],
    read: ({ status }) => [{ labels: { aigw_version: status.version, aigw_node: process.versions.node }, value: 1 }],
  },
  {
    name: 'process_start_time_seconds',
    type: 'gauge',
    help: 'When this process started',
    labels: [],
    read: (scrape) => single(scrape.process.startedAtSeconds),
  },
  {
    name: 'process_cpu_seconds_total',
    type: 'counter',
    help: 'CPU time of all threads, user and system',
    labels: [],
    read: (scrape) => single(scrape.process.cpuSeconds),
  },
  {
    name: 'process_resident_memory_bytes',
    type: 'gauge',
    help: 'Resident memory',
    labels: [],
    read: (scrape) => single(scrape.process.residentBytes),
  },
  {
    name: 'nodejs_eventloop_time_seconds_total',
    type: 'counter',
    convention: 'nodejs.eventloop.time',
    help: 'Time of the event loop; a gateway whose loop is never idle has no core left',
    labels: ['nodejs_eventloop_state'],
    read: (scrape) => [
      { labels: { nodejs_eventloop_state: 'active' }, value: scrape.process.eventLoopActiveSeconds },
      { labels: { nodejs_eventloop_state: 'idle' }, value: scrape.process.eventLoopIdleSeconds },
    ],
  },
]

export const processMetrics: readonly Metric[] = [...spoolMetrics, ...ownMetrics]
