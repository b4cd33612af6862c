import type { TargetReport } from '../../src/report/index.ts';
import type { StageRecord } from '../record.ts';
import { allServices } from '../services.ts';
import { type Finding, never } from './check.ts';

type Counts = Readonly<Record<string, Readonly<Record<string, number>>>>;

/**
 * Every flow that Sluice has opened to a target is a connection that the target's server accepted, and one that a client
 * counted: three books that were kept apart must agree, by service and target. Flooded services have no honest clients.
 */
export function flowFinding(record: StageRecord): Finding {
  const books = [record.holder.byTarget, ...record.churns.map(({ byTarget }) => byTarget)];
  let sum = 0;
  const wrong: string[] = [];
  for (const { name, kind, port } of allServices()) {
    if (kind === 'flooded') continue;
    for (const [host, server] of Object.entries(record.servers)) {
      const accepted = server.accepted[name] ?? 0;
      const counted = books.reduce((total, book) => total + countOf(book, name, host), 0);
      const flows = flowsOf(record.stats.targets, name, server.addresses, port);
      sum += flows;
      if (flows === accepted && accepted === counted) continue;
      wrong.push(`${name} ${host}: clients ${counted}, Sluice ${flows}, server ${accepted}`);
    }
  }
  return never('flows = accepted = counted by clients', wrong.length, `${sum} flows`, wrong);
}

function countOf(book: Counts, service: string, target: string): number {
  return book[service]?.[target] ?? 0;
}

function flowsOf(
  targets: readonly TargetReport[],
  proxy: string,
  addresses: readonly string[],
  port: number,
): number {
  const names = addresses.map((ip) => (ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`));
  return targets
    .filter((each) => each.proxy === proxy && names.includes(each.target))
    .reduce((total, { flows }) => total + flows, 0);
}
