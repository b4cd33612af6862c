import type { DrainReport } from '../../../../src/report/index.ts';
import { count } from '../../format/numbers.ts';
import { duration } from '../../format/times.ts';
import { Meter } from '../../parts/figures.tsx';

/** How many connections are left of those that a drain began with, and how long it may take. */
export function DrainProgress({ drain }: { readonly drain: DrainReport }) {
  const { initialConnections: first, currentConnections: left, elapsedMs, timeoutMs } = drain;
  const done = first === 0 ? 1 : 1 - left / first;
  return (
    <div class="drain">
      <Meter fill={done} />
      <small>
        {count(left)} of {count(first)} left, {duration(elapsedMs / 1000)} of {duration(timeoutMs / 1000)}
      </small>
    </div>
  );
}
