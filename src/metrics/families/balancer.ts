import { arch, release } from 'node:os';
import type { Metric } from '../metric.ts';

const one = (labels: readonly string[], value: number) => [{ labels, value }];

/** The balancer as a whole. */
export const BALANCER_METRICS: readonly Metric[] = [
  {
    name: 'lb_up',
    type: 'gauge',
    help: 'Whether the load balancer is running (1=up).',
    labels: [],
    life: 'now',
    samples: () => one([], 1),
  },
  {
    name: 'lb_info',
    type: 'gauge',
    help: 'Load balancer version information.',
    labels: ['version'],
    life: 'now',
    samples: ({ status }) => one([status.version], 1),
  },
  {
    name: 'lb_build_info',
    type: 'gauge',
    help: 'What it runs on, and the name of the instance.',
    labels: ['instance_name', 'node_version', 'kernel_release', 'architecture'],
    life: 'now',
    samples: ({ status }) => one([status.instance, process.versions.node, release(), arch()], 1),
  },
  {
    name: 'lb_ready',
    type: 'gauge',
    help: 'Whether every listening interface carries the programs (1=yes).',
    labels: [],
    life: 'now',
    samples: ({ isReady }) => one([], isReady ? 1 : 0),
  },
  {
    name: 'lb_warnings',
    type: 'gauge',
    help: 'Warnings that `sluice status` shows.',
    labels: [],
    life: 'now',
    samples: ({ status }) => one([], status.warnings.length),
  },
  {
    name: 'lb_interface_attached',
    type: 'gauge',
    help: 'How an interface is attached (1); 0 with mode="detached" when it should be and is not.',
    labels: ['interface', 'role', 'mode'],
    life: 'now',
    samples: ({ status }) =>
      status.interfaces.map(({ name, role, mode }) => ({
        labels: [name, role, mode],
        value: mode === 'detached' ? 0 : 1,
      })),
  },
  {
    name: 'lb_table_entries',
    type: 'gauge',
    help: 'Entries of the tables in the kernel.',
    labels: ['table'],
    life: 'now',
    samples: ({ tables }) => tables.map(({ table, entries }) => ({ labels: [table], value: entries })),
  },
  {
    name: 'lb_table_capacity',
    type: 'gauge',
    help: 'Entries that the tables in the kernel can hold.',
    labels: ['table'],
    life: 'now',
    samples: ({ tables }) => tables.map(({ table, capacity }) => ({ labels: [table], value: capacity })),
  },
];
