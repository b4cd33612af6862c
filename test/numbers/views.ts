import { readFileSync } from 'node:fs';
import type { FlowClosed, StampedEvent } from '../../src/events/index.ts';
import type { StatsReport, StatusReport } from '../../src/report/index.ts';
import type { Balancer } from '../support/index.ts';
import type { Traffic } from './wire.ts';

/** What one of Sluice's views says of a proxy. */
export interface Counted {
  readonly flows: number;
  readonly forward: Traffic;
  readonly reply: Traffic;
}

/** By name of the proxy; each has one target, which no other has. */
export type View = Readonly<Record<string, Counted>>;

/** What was never counted. */
export const NOTHING: Counted = {
  flows: 0,
  forward: { packets: 0, bytes: 0 },
  reply: { packets: 0, bytes: 0 },
};

/** Every view that tells counters: API, command line, metrics. */
export async function counterViews(balancer: Balancer): Promise<Readonly<Record<string, View>>> {
  const output = async (...args: string[]) => (await balancer.sluice(...args)).stdout;
  const [stats, status, cliStats, cliStatus, metrics] = await Promise.all([
    balancer.admin.stats(),
    balancer.admin.status(),
    output('stats', '-o', 'json'),
    output('status', '-o', 'json'),
    output('metrics'),
  ]);
  return {
    'GET /v1/stats': ofStats(stats),
    'GET /v1/status': ofStatus(status),
    'sluice stats': ofStats(JSON.parse(cliStats)),
    'sluice status': ofStatus(JSON.parse(cliStatus)),
    metrics: ofMetrics(metrics),
  };
}

/** What the records of the access log sum to. */
export function ofLog(path: string): View {
  const lines = readFileSync(path, 'utf8').split('\n');
  return ofRecords(lines.filter((line) => line !== '').map((line) => JSON.parse(line)));
}

/** What events of ends sum to. */
export function ofEvents(events: readonly StampedEvent[]): View {
  return ofRecords(events.filter((event) => event.type === 'flowClosed'));
}

/** Flows of all proxies. */
export function totalFlows(view: View): number {
  return Object.values(view).reduce((sum, { flows }) => sum + flows, 0);
}

/** Traffic of all proxies in one direction. */
export function totalOf(view: View, direction: 'forward' | 'reply'): Traffic {
  return Object.values(view).reduce((sum, counted) => plus(sum, counted[direction]), NOTHING[direction]);
}

/** What was counted between two looks. */
export function viewBetween(before: View, after: View): View {
  const less = (a: Traffic, b: Traffic) => ({ packets: a.packets - b.packets, bytes: a.bytes - b.bytes });
  return Object.fromEntries(
    Object.entries(after).map(([proxy, { flows, forward, reply }]) => {
      const old = before[proxy] ?? NOTHING;
      const counted = { forward: less(forward, old.forward), reply: less(reply, old.reply) };
      return [proxy, { flows: flows - old.flows, ...counted }];
    }),
  );
}

function ofRecords(records: readonly Pick<FlowClosed, 'proxy' | 'forward' | 'reply'>[]): View {
  const view: Record<string, Counted> = {};
  for (const { proxy, forward, reply } of records) {
    const sum = view[proxy] ?? NOTHING;
    view[proxy] = {
      flows: sum.flows + 1,
      forward: plus(sum.forward, forward),
      reply: plus(sum.reply, reply),
    };
  }
  return view;
}

function plus(a: Traffic, b: Traffic): Traffic {
  return { packets: a.packets + b.packets, bytes: a.bytes + b.bytes };
}

/** What counters say. */
export function ofStats({ targets }: StatsReport): View {
  return Object.fromEntries(
    targets.map(({ proxy, flows, forward, reply }) => [proxy, { flows, forward, reply }]),
  );
}

function ofStatus({ proxies }: StatusReport): View {
  return Object.fromEntries(
    proxies.flatMap(({ name, targets }) =>
      targets.map(({ flows, forward, reply }) => [name, { flows, forward, reply }] as const),
    ),
  );
}

/** Bytes and packets have no proxy in their labels, as in the original: the target's address leads to it. */
function ofMetrics(text: string): View {
  const value = (line: string) => Number(line.slice(line.lastIndexOf(' ') + 1));
  const of = (name: string, ...labels: string[]) => {
    const line = text
      .split('\n')
      .find((each) => each.startsWith(`${name}{`) && labels.every((label) => each.includes(label)));
    if (line === undefined) throw new Error(`there is no ${name} with ${labels.join(', ')}`);
    return value(line);
  };
  const series = text.matchAll(/^lb_connections_total\{proxy_name="([^"]+)",(target_ip="[^"]+",[^}]+)\}/gm);
  return Object.fromEntries(
    [...series].map(([, proxy = '', target = '']) => {
      const traffic = (direction: string) => ({
        packets: of('lb_packets_total', target, `direction="${direction}"`),
        bytes: of('lb_bytes_total', target, `direction="${direction}"`),
      });
      const flows = of('lb_connections_total', `proxy_name="${proxy}"`, target);
      return [proxy, { flows, forward: traffic('forward'), reply: traffic('reverse') }];
    }),
  );
}
