import type { Sample, StageRecord } from '../record.ts';
import { atLeastOne, type Check, exactly, type Finding, never } from './check.ts';
import { datagramFinding } from './datagrams.ts';
import { flowFinding } from './flows.ts';
import { trendOf } from './trend.ts';

/**
 * What the daemon may grow by between the first and the last quarter of the second half. Descriptors: connections of
 * whoever looks may be open at the time; a leak at every reload or sweep is more.
 */
export const LIMITS = { rssBytes: 16 * 2 ** 20, heapBytes: 3 * 2 ** 20, descriptors: 2 } as const;

/** Judges everything that was seen of a stage. */
export function judgeStage(record: StageRecord): readonly Check[] {
  const findings = [
    ...clientFindings(record),
    ...daemonFindings(record),
    ...counterFindings(record),
    ...growthFindings(record.samples.filter(({ isSteady }) => isSteady)),
    ...tableFindings(record),
    ...kernelFindings(record),
  ];
  return findings.map((finding) => ({ stage: record.name, ...finding }));
}

function clientFindings({ holder, churns, drain }: StageRecord): readonly Finding[] {
  const total = (figure: 'started' | 'failed' | 'wrong') =>
    churns.reduce((sum, churn) => sum + churn[figure], 0);
  const complaints = churns.flatMap((churn) => churn.complaints);
  const held = `${drain.held + holder.broken} (${holder.answers} answers)`;
  return [
    never('held conversations reset or silent', holder.broken, held, holder.complaints),
    never('held conversations moved to another target', holder.switched, held, holder.complaints),
    never('short connections failed', total('failed'), String(total('started')), complaints),
    never('short connections at a wrong target', total('wrong'), String(total('started')), complaints),
  ];
}

function daemonFindings({ changes, errors, accessLog }: StageRecord): readonly Finding[] {
  const { reloads, refusals, restarts, strangers, slowestReloadMs, badCaptures } = changes;
  const of = `${reloads + refusals.length} (slowest ${slowestReloadMs} ms)`;
  return [
    never('reloads failed', refusals.length, of, refusals),
    never('restarts that adopted nothing', strangers, String(restarts)),
    never('errors in the log', errors.length, `${restarts + 1} daemons`, errors),
    atLeastOne(
      never(
        'captures refused or cut off',
        badCaptures.length,
        `${changes.captures} (${changes.capturedPackets} packets)`,
        badCaptures,
      ),
      changes.capturedPackets,
    ),
    atLeastOne(
      never(
        'lines of the access log that are none',
        accessLog.spoilt.length,
        String(accessLog.records),
        accessLog.spoilt,
      ),
      accessLog.records,
    ),
  ];
}

function counterFindings(record: StageRecord): readonly Finding[] {
  const decreases = record.decreases.map(({ what, before, after }) => `${what}: ${before}, then ${after}`);
  return [
    never('counters that went down', decreases.length, `${record.comparisons} comparisons`, decreases),
    flowFinding(record),
    datagramFinding(record),
    floodFinding(record),
  ];
}

/** A flood that does not arrive proves nothing. */
function floodFinding({ stats, changes }: StageRecord): Finding {
  const targets = stats.targets.filter(({ proxy }) => proxy.startsWith('flooded'));
  const flows = targets.reduce((sum, target) => sum + target.flows, 0);
  return {
    name: 'SYNs of floods that opened a flow',
    figure: `${flows} of ${changes.syns} (${changes.floods} floods)`,
    limit: 'at least 90 %',
    passed: flows >= changes.syns * 0.9,
    complaints: [],
  };
}

function growthFindings(samples: readonly Sample[]): readonly Finding[] {
  const heaps = samples.flatMap(({ heapBytes }) => heapBytes ?? []);
  return [
    growth(
      'growth of resident memory',
      samples.map(({ rssBytes }) => rssBytes),
      LIMITS.rssBytes,
      megabytes,
    ),
    growth('growth of the live heap', heaps, LIMITS.heapBytes, megabytes),
    growth(
      'growth of descriptors',
      samples.map(({ descriptors }) => descriptors),
      LIMITS.descriptors,
      String,
    ),
  ];
}

function growth(
  name: string,
  figures: readonly number[],
  limit: number,
  format: (value: number) => string,
): Finding {
  const trend = trendOf(figures);
  if (trend === null) {
    return { name, figure: `${figures.length} samples`, limit: format(limit), passed: false, complaints: [] };
  }
  const grown = trend.to - trend.from;
  return {
    name,
    figure: `${format(grown)} (${format(trend.from)} to ${format(trend.to)})`,
    limit: format(limit),
    passed: grown <= limit,
    complaints: [],
  };
}

function tableFindings({ drain }: StageRecord): readonly Finding[] {
  return [
    exactly('flows when only held conversations are left', drain.afterChurn, drain.held),
    exactly('flows when everybody has gone', drain.atEnd, 0),
  ];
}

function kernelFindings({ kernel: { before, after } }: StageRecord): readonly Finding[] {
  return [
    exactly('programs held by the daemon', after.open.programs, before.open.programs),
    exactly('maps held by the daemon', after.open.maps, before.open.maps),
    exactly('links held by the daemon', after.open.links, before.open.links),
    exactly('pins', after.pins, before.pins),
    exactly('bytes of maps', after.mapBytes, before.mapBytes),
  ];
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
