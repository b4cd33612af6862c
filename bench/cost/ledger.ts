import type { AdminClient } from '../../src/admin/index.ts';

/**
 * What was fed to the balancer, by the counter that must have grown for it. Compared with the counters, it shows whether
 * the packets took the way whose cost is claimed to be measured.
 */
export class Ledger {
  readonly #admin: Pick<AdminClient, 'stats'>;
  readonly #entries = new Map<string, { packets: number; tolerance: number }>();
  #counted: ReadonlyMap<string, number> = new Map();

  constructor(admin: Pick<AdminClient, 'stats'>) {
    this.#admin = admin;
  }

  /** Begins a page: what is counted from now on must be entered. */
  async open(): Promise<void> {
    this.#entries.clear();
    this.#counted = await this.#counters();
  }

  /**
   * Enters packets.
   * @param counter `hook/reason`
   * @param tolerance share of them that may have been counted otherwise
   */
  enter(counter: string, packets: number, tolerance: number): void {
    const entry = this.#entries.get(counter) ?? { packets: 0, tolerance };
    this.#entries.set(counter, { packets: entry.packets + packets, tolerance });
  }

  /** What the counters say against the page, one sentence; null when it is right. */
  async complaint(): Promise<string | null> {
    const now = await this.#counters();
    for (const [counter, { packets, tolerance }] of this.#entries) {
      const counted = (now.get(counter) ?? 0) - (this.#counted.get(counter) ?? 0);
      if (Math.abs(counted - packets) > packets * tolerance) {
        return `${packets} packets were fed that should be counted as ${counter}, but ${counted} were`;
      }
    }
    return null;
  }

  async #counters(): Promise<ReadonlyMap<string, number>> {
    const { reasons } = await this.#admin.stats();
    return new Map(reasons.map(({ hook, reason, packets }) => [`${hook}/${reason}`, packets]));
  }
}
