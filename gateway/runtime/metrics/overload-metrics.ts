/** How near the gateway is to having more to do than it can; see docs/overload.md. */
import { single, type Metric } from './definition.ts'

export const overloadMetrics: readonly Metric[] = [
  {
    name: 'aigw_event_loop_wait_seconds',
    type: 'gauge',
    help: 'How long what comes waits for the event loop, about; 0 while nothing is under way',
    labels: [],
    read: ({ overload }) => single(overload.waitMs / 1000),
  },
  {
    name: 'aigw_open_requests',
    type: 'gauge',
    help: 'Requests that have their place, from their headers to the last byte of their answers',
    labels: [],
    read: ({ overload }) => single(overload.open),
  },
  {
    name: 'aigw_open_requests_limit',
    type: 'gauge',
    help: 'How many there may be, fewer while the event loop is late',
    labels: [],
    read: ({ overload: { limits, mayBeOpen } }) => single(Math.min(limits.maxOpen, mayBeOpen ?? limits.maxOpen)),
  },
  {
    name: 'aigw_held_body_bytes',
    type: 'gauge',
    help: 'Bodies of these requests, as they were sent',
    labels: [],
    read: ({ overload }) => single(overload.heldBytes),
  },
  {
    name: 'aigw_held_body_bytes_limit',
    type: 'gauge',
    help: 'How much of that there may be',
    labels: [],
    read: ({ overload }) => single(overload.limits.maxHeldBytes),
  },
]
