import type { DrainReport, TargetWeightReport } from '../../report/index.ts';
import { formatCount, formatDuration, formatPercent } from '../format/units.ts';

/** How well a target is: a word, and whether it is good news. */
export interface TargetStateWord {
  readonly text: string;
  readonly tone: 'good' | 'warning' | 'bad' | 'faint';
}

/** The state of a target in a word or two: what operators want counts before what circuits and checks say. */
export function targetStateWord(
  { factors }: Pick<TargetWeightReport, 'factors'>,
  drain: DrainReport | null,
): TargetStateWord {
  if (factors.drain.value < 1) return operatorState(factors.drain.reason, drain);
  if (factors.circuit.value < 1) {
    return factors.circuit.value === 0
      ? { text: 'circuit open', tone: 'bad' }
      : { text: 'half-open', tone: 'warning' };
  }
  if (factors.health.value === 0) return { text: 'down', tone: 'bad' };
  if (factors.health.value < 1) {
    return { text: `back at ${formatPercent(factors.health.value * 100)}`, tone: 'warning' };
  }
  return { text: 'up', tone: 'good' };
}

/** Why a target is as it is: the reason of the factor that takes most. */
export function whyOf({ factors }: Pick<TargetWeightReport, 'factors'>, drain: DrainReport | null): string {
  if (factors.drain.value < 1 && drain?.status === 'draining') {
    const elapsed = formatDuration(drain.elapsedMs / 1000);
    return `${formatCount(drain.currentConnections)} of ${formatCount(drain.initialConnections)} connections left, ${elapsed} of ${formatDuration(drain.timeoutMs / 1000)}`;
  }
  const { drain: wanted, circuit, health, load } = factors;
  const taking = [wanted, circuit, health, load].find(({ value }) => value < 1);
  return (taking ?? health).reason;
}

function operatorState(reason: string, drain: DrainReport | null): TargetStateWord {
  if (reason !== 'drain') return { text: 'maintenance', tone: 'faint' };
  if (drain?.status !== 'draining') return { text: 'drained', tone: 'faint' };
  const left = `${formatCount(drain.currentConnections)}/${formatCount(drain.initialConnections)}`;
  return { text: `draining ${left}`, tone: 'warning' };
}
