import type { TargetLatencyReport, TargetReport, TargetWeightReport } from '../../report/index.ts';
import {
  sampleDrain,
  sampleStats,
  sampleStatus,
  sampleTargets,
} from '../../report/sample-reports.fixture.ts';
import type { TopSample } from './sample.ts';
import { type Line, paint } from './text.ts';

const plain = (text: string) => text;

/** A style without colours. */
export const PLAIN = {
  heading: plain,
  good: plain,
  warning: plain,
  bad: plain,
  faint: plain,
  accent: plain,
  width: Number.POSITIVE_INFINITY,
};

/** Lines as they look without colours. */
export function shown(lines: readonly Line[]): string[] {
  return lines.map((line) => paint(line, PLAIN).trimEnd());
}

/** What a target of a sample has. */
export interface TargetSpec {
  readonly proxy: string;
  readonly target: string;
  readonly flows?: number;
  readonly bytes?: number;
  readonly refused?: number;
  readonly activeFlows?: number;
  readonly sharePercent?: number;
  /** Milliseconds; half and twice of it are the other percentiles. */
  readonly p95Ms?: number;
  readonly factors?: Partial<TargetWeightReport['factors']>;
}

const fine = { value: 1, reason: 'healthy' };

function reportOf(spec: TargetSpec): TargetReport {
  const { proxy, target, flows = 0, bytes = 0, refused = 0, activeFlows = 0 } = spec;
  return {
    proxy,
    target,
    weight: 50,
    pools: ['default'],
    activeFlows,
    flows,
    forward: { packets: bytes / 100, bytes },
    reply: { packets: bytes / 50, bytes: bytes * 2 },
    attempts: { answered: flows, established: flows, refused, unanswered: 0 },
  };
}

function latencyOf({ proxy, target, p95Ms }: TargetSpec): TargetLatencyReport {
  const name = { proxy, target };
  if (p95Ms === undefined) {
    return { ...name, connects: 0, meanMs: null, p50Ms: null, p95Ms: null, p99Ms: null };
  }
  return { ...name, connects: 9, meanMs: p95Ms / 2, p50Ms: p95Ms / 2, p95Ms, p99Ms: p95Ms * 2 };
}

function weightOf(spec: TargetSpec): TargetWeightReport {
  const [sample] = sampleTargets.targets;
  if (sample === undefined) throw new Error('the sample has no target');
  const { proxy, target, activeFlows = 0, sharePercent = 50 } = spec;
  const factors = { health: fine, drain: { value: 1, reason: 'ready' }, circuit: fine, load: fine };
  return { ...sample, proxy, target, activeFlows, sharePercent, factors: { ...factors, ...spec.factors } };
}

/** What a daemon with these targets says at `atMs`. */
export function sampleAt(
  atMs: number,
  specs: readonly TargetSpec[],
  more: { readonly drops?: number; readonly draining?: string } = {},
): TopSample {
  const targets = specs.map(reportOf);
  const names = [...new Set(specs.map(({ proxy }) => proxy))];
  const sum = (pick: (target: TargetReport) => number) =>
    targets.reduce((total, target) => total + pick(target), 0);
  const [web] = sampleStatus.proxies;
  if (web === undefined) throw new Error('the sample has no proxy');
  const drains = more.draining === undefined ? [] : [{ ...sampleDrain, target: more.draining }];
  return {
    atMs,
    status: {
      ...sampleStatus,
      warnings: [],
      proxies: names.map((name) => ({
        ...web,
        name,
        targets: targets.filter(({ proxy }) => proxy === name),
      })),
    },
    stats: {
      totals: {
        ...sampleStats.totals,
        flows: sum(({ flows }) => flows),
        forward: { packets: 0, bytes: sum(({ forward }) => forward.bytes) },
        reply: { packets: 0, bytes: sum(({ reply }) => reply.bytes) },
        attempts: {
          answered: 0,
          established: 0,
          refused: sum(({ attempts }) => attempts.refused),
          unanswered: 0,
        },
      },
      targets,
      reasons: [
        { hook: 'xdp_ingress', reason: 'established', outcome: 'forwarded', packets: 22 },
        { hook: 'xdp_ingress', reason: 'no_target', outcome: 'dropped', packets: more.drops ?? 0 },
        { hook: 'tc_ingress', reason: 'no_target', outcome: 'dropped', packets: 1 },
      ],
      flowEvents: sampleStats.flowEvents,
    },
    weights: { targets: specs.map(weightOf) },
    drains: { drains },
    latencies: { windowSeconds: 60, targets: specs.map(latencyOf) },
  };
}
