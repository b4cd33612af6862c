import type { Clock } from '../clock/index.ts';
import { formatEndpoint } from '../config/index.ts';
import type { AttemptCounts, Datapath, TargetEntry } from '../datapath/index.ts';
import type { TargetName } from '../report/index.ts';
import { proxyNames } from './reports.ts';
import type { TableState } from './table-state.ts';

/** What became of attempts to connect to one target since the reading before. */
export type AttemptGrowth = TargetName & AttemptCounts;

/** What a watcher needs of the balancer. */
export interface AttemptWatcherOptions {
  readonly datapath: Pick<Datapath, 'failures' | 'attempts'>;
  readonly state: Pick<TableState, 'targets' | 'proxies'>;
  readonly clock: Pick<Clock, 'nowMs'>;
  /** Is told of the targets whose counters have moved, also when none has. */
  readonly onReading: (growth: readonly AttemptGrowth[]) => void;
}

/**
 * The counters are read so often when nothing fails. Much later than a failure they could not tell any more what was answered
 * before it.
 */
const READ_EVERY_MS = 500;

/**
 * Follows what becomes of attempts to connect. The counters never go down and outlive the daemon: the first reading of each
 * says nothing, and from then on differences count.
 */
export class AttemptWatcher {
  readonly #options: AttemptWatcherOptions;
  #failures = 0n;
  #readAtMs = Number.NEGATIVE_INFINITY;
  /** By id of the target. */
  #last: readonly AttemptCounts[] = [];

  constructor(options: AttemptWatcherOptions) {
    this.#options = options;
  }

  /** Looks at one counter, and reads those of all targets when it has moved or when it is time. @throws BpfError */
  async poll(): Promise<void> {
    const { datapath, clock, onReading } = this.#options;
    const failures = datapath.failures();
    const nowMs = clock.nowMs();
    if (failures === this.#failures && nowMs - this.#readAtMs < READ_EVERY_MS) return;
    this.#failures = failures;
    this.#readAtMs = nowMs;
    const last = this.#last;
    this.#last = await datapath.attempts(this.#idCount());
    onReading(this.#growthSince(last));
  }

  #idCount(): number {
    let count = 0;
    for (const { id } of this.#options.state.targets.values()) count = Math.max(count, id + 1);
    return count;
  }

  #growthSince(last: readonly AttemptCounts[]): readonly AttemptGrowth[] {
    const { state } = this.#options;
    const names = proxyNames(state);
    const growth: AttemptGrowth[] = [];
    for (const target of state.targets.values()) {
      const [before, now] = [last[target.id], this.#last[target.id]];
      if (before !== undefined && now !== undefined && hasMoved(before, now)) {
        growth.push({ ...nameOf(target, names), ...minus(now, before) });
      }
    }
    return growth;
  }
}

function nameOf({ proxyId, address, port }: TargetEntry, names: ReadonlyMap<number, string>): TargetName {
  return { proxy: names.get(proxyId) ?? '', target: formatEndpoint({ ip: address, port }) };
}

function hasMoved(before: AttemptCounts, now: AttemptCounts): boolean {
  return (
    now.answered !== before.answered ||
    now.established !== before.established ||
    now.refused !== before.refused ||
    now.unanswered !== before.unanswered
  );
}

function minus(now: AttemptCounts, before: AttemptCounts): AttemptCounts {
  return {
    answered: now.answered - before.answered,
    established: now.established - before.established,
    refused: now.refused - before.refused,
    unanswered: now.unanswered - before.unanswered,
  };
}
