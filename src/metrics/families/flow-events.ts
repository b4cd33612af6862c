import type { Metric } from '../metric.ts';

const LOSSES = ['opened', 'closed', 'flows'] as const;
const RESULTS = ['written', 'dropped'] as const;

/** What is told of single flows, and what is lost of it. */
export const FLOW_EVENT_METRICS: readonly Metric[] = [
  {
    name: 'lb_flow_sampling_ratio',
    type: 'gauge',
    help: 'Share of the flows that are told of and logged, 0 to 1 (0=neither is on).',
    labels: [],
    life: 'now',
    samples: ({ flowEvents: { oneIn } }) => [{ labels: [], value: oneIn === 0 ? 0 : 1 / oneIn }],
  },
  {
    name: 'lb_flow_events_total',
    type: 'counter',
    help: 'Events of single flows that the daemon has read from the kernel.',
    labels: [],
    life: 'process',
    samples: ({ flowEvents }) => [{ labels: [], value: flowEvents.read }],
  },
  {
    name: 'lb_flow_events_lost_total',
    type: 'counter',
    help: 'Events lost because they were not read in time (opened, closed); flows of which nothing is told (flows).',
    labels: ['what'],
    life: 'kernel',
    samples: ({ flowEvents: { lost } }) => LOSSES.map((what) => ({ labels: [what], value: lost[what] })),
  },
  {
    name: 'lb_access_log_records_total',
    type: 'counter',
    help: 'Records of the access log: in the file, or dropped because it could not take them in time.',
    labels: ['result'],
    life: 'process',
    samples: ({ flowEvents: { accessLog } }) =>
      RESULTS.map((result) => ({ labels: [result], value: accessLog[result] })),
  },
];
