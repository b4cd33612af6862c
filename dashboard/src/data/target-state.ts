import type {
  CircuitReport,
  DrainReport,
  TargetHealthReport,
  TargetLatencyReport,
  TargetWeightReport,
} from '../../../src/report/index.ts';
import type { Snapshot } from './store.ts';

/** Everything that is known of a target besides its weight. */
export interface Details {
  readonly health: TargetHealthReport | undefined;
  readonly circuit: CircuitReport | undefined;
  readonly drain: DrainReport | undefined;
  readonly latency: TargetLatencyReport | undefined;
}

/** What a target is, in a word, and how that is meant. */
export interface TargetState {
  readonly word: string;
  readonly tone: 'good' | 'warn' | 'bad' | 'rest';
}

type Named = Pick<TargetWeightReport, 'proxy' | 'target'>;
type Known = Pick<Snapshot, 'health' | 'circuits' | 'drains' | 'latencies'>;

/** Finds what is known of a target. */
export function detailsOf(name: Named, { health, circuits, drains, latencies }: Known): Details {
  const isIt = (each: Named) => each.proxy === name.proxy && each.target === name.target;
  const ofProxy = health.proxies.find(({ proxy }) => proxy === name.proxy);
  return {
    health: ofProxy?.targets.find(({ target }) => target === name.target),
    circuit: circuits.find(isIt),
    drain: drains.find(isIt),
    latency: latencies.targets.find(isIt),
  };
}

/** The word for a target: what an operator wants comes first, then its circuit, then its health. */
export function stateOf(target: TargetWeightReport, known: Known): TargetState {
  const { factors } = target;
  const { health, circuit, drain } = detailsOf(target, known);
  if (factors.drain.value < 1) return { word: wantedOf(factors.drain.reason, drain), tone: 'rest' };
  if (circuit?.status === 'open') return { word: 'circuit open', tone: 'bad' };
  if (circuit?.status === 'half-open') return { word: 'circuit half-open', tone: 'warn' };
  if (factors.health.value === 0) return { word: 'unhealthy', tone: 'bad' };
  if (factors.health.value < 1) return { word: 'recovering', tone: 'warn' };
  if (health?.status === 'unknown') return { word: 'not checked yet', tone: 'warn' };
  return { word: 'ready', tone: 'good' };
}

function wantedOf(reason: string, drain: DrainReport | undefined): string {
  if (reason !== 'drain') return reason;
  return drain === undefined ? 'drained' : 'draining';
}
