import type { Clock } from '../clock/index.ts';
import type { HealthCheckConfig } from '../config/index.ts';
import { formatEndpoint } from '../config/index.ts';
import { TcpConnector } from '../libbpf/index.ts';
import { targetNameKey } from '../report/index.ts';
import type { Factor } from '../weights/index.ts';
import type { Certificates } from './certificates.ts';
import { type CheckSpec, specKey } from './check-spec.ts';
import type { Attempts } from './passive.ts';
import { healthFactor } from './state.ts';
import { type CheckRecord, TargetHealth, UNCHECKED } from './target-health.ts';

/** A status that somebody has set by hand; it stands above what checks find until it is cleared. */
export type ManualStatus = 'healthy' | 'unhealthy';

/** Who is told what. */
export interface MonitorOptions {
  readonly clock: Clock;
  /** A check has ended, or clients have found a target dead. `before` is what was known until then. */
  readonly onChecked: (target: TargetHealth, before: CheckRecord) => void;
}

/** First checks a millisecond: a thousand a second find dead targets soon and burden nobody. */
const FIRST_CHECKS_PER_MS = 1;

/**
 * Checks all targets of a configuration and knows the health of each. One check serves every pool of a proxy that has
 * the target with the same settings.
 */
export class HealthMonitor {
  readonly #options: MonitorOptions;
  readonly #connector = new TcpConnector();
  #targets: ReadonlyMap<string, TargetHealth> = new Map();
  #byName: ReadonlyMap<string, readonly TargetHealth[]> = new Map();
  readonly #manual = new Map<string, ManualStatus>();
  readonly #keys = new WeakMap<HealthCheckConfig, string>();
  #isRunning = false;
  #isPassive = false;

  constructor(options: MonitorOptions) {
    this.#options = options;
  }

  /** Whether checks go out. */
  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** Every target, once for each kind of check. */
  get targets(): readonly TargetHealth[] {
    return [...this.#targets.values()];
  }

  /**
   * Watches these targets and no others. What is known of a target stays, also when its settings change.
   * @param assumed what to start a new target with; default: nothing is known
   * @returns whether one is new, or is checked otherwise: its {@link factor} may be another then
   */
  watch(
    specs: readonly CheckSpec[],
    certificates: Certificates,
    assumed: (spec: CheckSpec) => CheckRecord = () => UNCHECKED,
  ): boolean {
    const targets = new Map<string, TargetHealth>();
    const added: TargetHealth[] = [];
    for (const spec of specs) {
      const key = this.#keyOf(spec.proxy, spec.target, spec.settings);
      const authorities = certificates.get(spec.settings.caFile ?? '') ?? null;
      const same = this.#targets.get(key);
      const isSame =
        same?.authorities?.pem === authorities?.pem && same?.spec.proxyProtocol === spec.proxyProtocol;
      if (same !== undefined && isSame) targets.set(key, same);
      else {
        const record = this.find(spec.proxy, spec.target)[0]?.record ?? assumed(spec);
        const { clock, onChecked: onChange } = this.#options;
        const target = new TargetHealth({
          spec,
          authorities,
          record,
          clock,
          connector: this.#connector,
          onChange,
        });
        targets.set(key, target);
        added.push(target);
      }
    }
    for (const [key, target] of this.#targets) if (targets.get(key) !== target) target.stop();
    this.#adopt(targets);
    if (this.#isRunning) this.#begin(added);
    return added.length > 0;
  }

  #adopt(targets: ReadonlyMap<string, TargetHealth>): void {
    const byName = new Map<string, TargetHealth[]>();
    for (const target of targets.values()) {
      const name = targetNameKey(target.spec);
      byName.set(name, [...(byName.get(name) ?? []), target]);
    }
    this.#targets = targets;
    this.#byName = byName;
    this.#isPassive = [...targets.values()].some(({ spec }) => spec.settings.passive);
    for (const name of this.#manual.keys()) if (!byName.has(name)) this.#manual.delete(name);
  }

  /** Lets checks go out. */
  start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#begin(this.targets);
  }

  /** Ends running checks and begins no others; what is known stays. */
  stop(): void {
    this.#isRunning = false;
    for (const target of this.#targets.values()) target.stop();
    this.#connector.close();
  }

  /** What health leaves of a target's weight. A target that is not watched yet gets the benefit of the doubt. */
  factor(proxy: string, { ip, port }: { ip: string; port: number }, settings: HealthCheckConfig): Factor {
    const name = formatEndpoint({ ip, port });
    const target = this.#targets.get(this.#keyOf(proxy, name, settings)) ?? this.find(proxy, name)[0];
    return target === undefined ? healthFactor(UNCHECKED.state) : this.factorOf(target);
  }

  /** The same for a target that is watched, with what is known of it now or what was known before. */
  factorOf(target: TargetHealth, record: CheckRecord = target.record): Factor {
    const manual = this.manualStatus(target.spec.proxy, target.spec.target);
    if (manual !== null) return { value: manual === 'healthy' ? 1 : 0, reason: `set ${manual} by hand` };
    if (!target.isChecked && record.state.status === 'unknown') {
      return { value: 1, reason: 'never checked (type none)' };
    }
    return healthFactor(record.state);
  }

  /** Whether the connections of any target's clients are of interest. */
  get isPassive(): boolean {
    return this.#isRunning && this.#isPassive;
  }

  /** Takes what became of connections of a target's clients since the last reading. */
  noteAttempts(proxy: string, target: string, attempts: Attempts): void {
    if (!this.#isRunning) return;
    for (const each of this.find(proxy, target)) each.noteAttempts(attempts);
  }

  /** The checks of a target; none when it is not known. */
  find(proxy: string, target: string): readonly TargetHealth[] {
    return this.#byName.get(targetNameKey({ proxy, target })) ?? [];
  }

  /** What somebody has set by hand; null when nobody has. */
  manualStatus(proxy: string, target: string): ManualStatus | null {
    return this.#manual.get(targetNameKey({ proxy, target })) ?? null;
  }

  /** Sets a target's status by hand; null gives it back to its checks. */
  setManualStatus(proxy: string, target: string, status: ManualStatus | null): void {
    if (status === null) this.#manual.delete(targetNameKey({ proxy, target }));
    else this.#manual.set(targetNameKey({ proxy, target }), status);
  }

  #begin(targets: readonly TargetHealth[]): void {
    const { clock } = this.#options;
    const crowdMs = targets.length / FIRST_CHECKS_PER_MS;
    for (const target of targets) {
      target.begin(clock.random() * Math.min(target.spec.settings.intervalMs, crowdMs));
    }
  }

  /** The same as {@link specKey}; settings are written out once, they are asked for with every change of weights. */
  #keyOf(proxy: string, target: string, settings: HealthCheckConfig): string {
    const known = this.#keys.get(settings);
    if (known !== undefined) return `${targetNameKey({ proxy, target })} ${known}`;
    this.#keys.set(settings, JSON.stringify(settings));
    return specKey({ proxy, target, settings });
  }
}
