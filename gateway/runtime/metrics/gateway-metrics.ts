/** What serves: targets' health, generations, and where manifests come from. */
import type { HealthChange } from '../../core/routing/health.ts'
import type { BreakerState } from '../../core/routing/health.ts'
import type { GenerationReport, SourceReport } from '../../release/instance-details.ts'
import type { Labels, Metric, Sample, Scrape } from './definition.ts'
import { optional, secondsOf, single } from './definition.ts'

const breakerStates: readonly BreakerState[] = ['closed', 'open', 'half_open']
const changes: readonly HealthChange['change'][] = ['breaker_opened', 'breaker_closed', 'cooling_down']
const sourceStates: readonly SourceReport['state'][] = ['ok', 'empty', 'lost', 'damaged']

const targetMetrics: readonly Metric[] = [
  {
    name: 'aigw_breaker_state',
    type: 'gauge',
    help: 'Breaker of a target that has been tried: 1 for the state it is in, 0 for the others',
    labels: ['aigw_target', 'aigw_state'],
    *read({ status }) {
      for (const { target, breaker } of status.targets) {
        for (const state of breakerStates) {
          yield { labels: { aigw_target: target, aigw_state: state }, value: Number(state === breaker) }
        }
      }
    },
  },
  {
    name: 'aigw_target_held_back',
    type: 'gauge',
    help: 'Would the target be passed over now, for its breaker or a cool-down?',
    labels: ['aigw_target'],
    read: ({ status }) =>
      status.targets.map(({ target, held_back_by }) => ({
        labels: { aigw_target: target },
        value: Number(held_back_by !== null),
      })),
  },
  {
    name: 'aigw_health_changes_total',
    type: 'counter',
    help: 'Breakers that opened or closed, and cool-downs that began or were made longer',
    labels: ['aigw_target', 'aigw_change'],
    *read({ counts }) {
      for (const [target, counted] of counts.changes()) {
        for (const change of changes) {
          yield { labels: { aigw_target: target, aigw_change: change }, value: counted.get(change) ?? 0 }
        }
      }
    },
  },
]

const generationMetrics: readonly Metric[] = [
  {
    name: 'aigw_ready',
    type: 'gauge',
    help: 'Does /readyz say ready?',
    labels: [],
    read: ({ status }) => single(Number(status.ready)),
  },
  {
    name: 'aigw_revision_info',
    type: 'gauge',
    help: 'The revision that new requests are served with; always 1',
    labels: ['aigw_revision', 'aigw_hash'],
    read: ({ status: { revision, hash } }) =>
      revision === null ? [] : [{ labels: { aigw_revision: String(revision), aigw_hash: hash ?? '' }, value: 1 }],
  },
  {
    name: 'aigw_generations',
    type: 'gauge',
    help: 'Tables that still have requests or serve new ones',
    labels: [],
    read: ({ status }) => single(status.generations.filter(({ state }) => state !== 'closed').length),
  },
  {
    name: 'aigw_generation_requests',
    type: 'gauge',
    help: 'Requests under way, by the generation they started on (the last few)',
    labels: ['aigw_generation', 'aigw_revision'],
    read: (scrape) => perGeneration(scrape, ({ requests }) => requests),
  },
  {
    name: 'aigw_generation_finished_total',
    type: 'counter',
    help: 'Requests that came to their own end, by generation (the last few)',
    labels: ['aigw_generation', 'aigw_revision'],
    read: (scrape) => perGeneration(scrape, ({ finished }) => finished),
  },
  {
    name: 'aigw_generation_cut_total',
    type: 'counter',
    help: 'Requests this gateway broke off, by generation (the last few)',
    labels: ['aigw_generation', 'aigw_revision'],
    read: (scrape) => perGeneration(scrape, ({ cut }) => cut),
  },
  {
    name: 'aigw_reloads_total',
    type: 'counter',
    help: 'Manifests and releases that came, by what became of them',
    labels: ['aigw_result'],
    read: ({ reloads }) => [
      { labels: { aigw_result: 'accepted' }, value: reloads.accepted },
      { labels: { aigw_result: 'refused' }, value: reloads.refused },
    ],
  },
  {
    name: 'aigw_last_reload_accepted',
    type: 'gauge',
    help: 'Was the last one that came taken? Absent before the first',
    labels: [],
    read: ({ reloads: { last } }) => optional(last === null ? null : Number(last.accepted)),
  },
  {
    name: 'aigw_last_reload_timestamp_seconds',
    type: 'gauge',
    help: 'When the last one came',
    labels: [],
    read: ({ reloads: { last } }) => optional(last === null ? null : secondsOf(last.at)),
  },
  {
    name: 'aigw_last_accepted_reload_timestamp_seconds',
    type: 'gauge',
    help: 'When the last one was taken',
    labels: [],
    read: ({ reloads }) => optional(reloads.lastAcceptedAt === null ? null : secondsOf(reloads.lastAcceptedAt)),
  },
  {
    name: 'aigw_missing_secrets',
    type: 'gauge',
    help: 'Keys that are missing; the targets of their connections are skipped',
    labels: [],
    read: ({ status }) => single(status.missing_secrets.length),
  },
  {
    name: 'aigw_secret_missing',
    type: 'gauge',
    help: 'A connection that lacks a key; always 1',
    labels: ['aigw_connection'],
    read: ({ status }) =>
      [...new Set(status.missing_secrets.map(({ connection }) => connection))].map((connection) => ({
        labels: { aigw_connection: connection },
        value: 1,
      })),
  },
  {
    name: 'aigw_source_state',
    type: 'gauge',
    help: 'The file or store that is followed: 1 for the state it is in, 0 for the others',
    labels: ['aigw_state'],
    read: ({ status: { source } }) =>
      source === null
        ? []
        : sourceStates.map((state) => ({ labels: { aigw_state: state }, value: Number(state === source.state) })),
  },
  {
    name: 'aigw_store_head',
    type: 'gauge',
    help: 'The newest revision that was seen in the store',
    labels: [],
    read: ({ status }) => optional(status.source?.head),
  },
]

export const gatewayMetrics: readonly Metric[] = [...targetMetrics, ...generationMetrics]

function perGeneration({ status }: Scrape, valueOf: (report: GenerationReport) => number): Iterable<Sample> {
  return status.generations.map((report) => {
    const labels: Labels = { aigw_generation: String(report.generation), aigw_revision: String(report.revision) }
    return { labels, value: valueOf(report) }
  })
}
