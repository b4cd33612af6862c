import type { Metric } from '../metric.ts';

const MS_PER_SEC = 1000;

/** The configuration that is in force, and what happens. */
export const CONFIGURATION_METRICS: readonly Metric[] = [
  {
    name: 'lb_config_generation',
    type: 'gauge',
    help: 'Configurations applied so far, over restarts of the daemon.',
    labels: [],
    life: 'kernel',
    samples: ({ status }) => [{ labels: [], value: status.generation }],
  },
  {
    name: 'lb_config_info',
    type: 'gauge',
    help: 'SHA-256 of the configuration that is in force.',
    labels: ['hash'],
    life: 'now',
    samples: ({ status }) => [{ labels: [status.configHash], value: 1 }],
  },
  {
    name: 'lb_config_last_reload_successful',
    type: 'gauge',
    help: 'Whether the last reload of the file went well (1=yes, also when there was none).',
    labels: [],
    life: 'now',
    samples: ({ status }) => [{ labels: [], value: status.file?.lastFailure ? 0 : 1 }],
  },
  {
    name: 'lb_config_last_applied_timestamp_seconds',
    type: 'gauge',
    help: 'When a configuration was applied last, also at the start.',
    labels: [],
    life: 'now',
    samples: ({ appliedAtMs }) => [{ labels: [], value: appliedAtMs / MS_PER_SEC }],
  },
  {
    name: 'lb_events_total',
    type: 'counter',
    help: 'What has happened, by type of event: see `sluice events`.',
    labels: ['type'],
    life: 'process',
    samples: ({ events }) => Object.entries(events).map(([type, value]) => ({ labels: [type], value })),
  },
];
