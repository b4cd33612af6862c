import {
  type Change,
  changeConfig,
  configDifferences,
  configDocument,
  configHash,
  type LoadedConfig,
  parseConfig,
} from '../config/index.ts';
import { SluiceError } from '../errors/index.ts';
import type { ChangeOptions, ChangeReport, ConfigReport, DiffReport } from '../report/index.ts';
import type { ConfigView } from './config-view.ts';

/** A configuration with one of everything, for tests. */
export const SAMPLE_CONFIG = `
proxies:
  - name: web
    listen: { interfaces: [eth0], port: 80, protocol: tcp }
    defaultTarget: [{ ip: 10.0.0.1, port: 8080, weight: 60 }, { ip: 10.0.0.2, port: 8080, weight: 40 }]
    sourceRoutes: [{ source: 10.0.0.0/8, target: { ip: 10.0.0.3, port: 8080 } }]
    sniRoutes: [{ sniHostname: a.example, target: { ip: 10.0.0.4, port: 8080 } }]
  - name: dns
    listen: { interfaces: [eth0, eth1], port: 53, protocol: udp }
    defaultTarget: { ip: 10.0.0.9, port: 53 }
`;

/** A configuration that changes and reaches no kernel; each test brings it back by a new one. */
export class SampleConfig implements ConfigView {
  readonly asked: { readonly what: Change | 'replace' | 'reload'; readonly options: ChangeOptions }[] = [];
  /** Keeps what it was in the beginning whatever it is told, when true. */
  isFixed = false;
  #loaded = parseConfig(SAMPLE_CONFIG, { format: 'yaml', file: '/etc/sluice.yaml' });

  async running(): Promise<ConfigReport> {
    const { config } = this.#loaded;
    return { generation: 3, hash: configHash(config), config: configDocument(config) };
  }

  async change(change: Change, options: ChangeOptions = {}): Promise<ChangeReport> {
    this.asked.push({ what: change, options });
    this.#mustHave(options);
    const { config, warnings } = changeConfig(this.#loaded.config, change);
    return this.#become({ ...this.#loaded, config, warnings }, options);
  }

  async replace(loaded: LoadedConfig, options: ChangeOptions = {}): Promise<ChangeReport> {
    this.asked.push({ what: 'replace', options });
    return this.#become(loaded, options);
  }

  async reload(options: ChangeOptions = {}): Promise<ChangeReport> {
    this.asked.push({ what: 'reload', options });
    const first = parseConfig(SAMPLE_CONFIG, { format: 'yaml', file: '/etc/sluice.yaml' });
    const lost = configDifferences(first.config, this.#loaded.config);
    return { ...this.#become(first, options), lost };
  }

  async diff(options: Pick<ChangeOptions, 'plan'> = {}): Promise<DiffReport> {
    return { ...(await this.reload({ ...options, dryRun: true })), file: '/etc/sluice.yaml' };
  }

  #mustHave({ ifHash }: ChangeOptions): void {
    const hash = configHash(this.#loaded.config);
    if (ifHash?.includes(hash) === false) throw new SluiceError('precondition_failed', `it is "${hash}" now`);
  }

  #become(next: LoadedConfig, { dryRun = false, plan = false }: ChangeOptions): ChangeReport {
    const before = this.#loaded;
    if (!dryRun && !this.isFixed) this.#loaded = next;
    return {
      dryRun,
      generation: dryRun ? 3 : 4,
      hash: configHash(next.config),
      differences: configDifferences(before.config, next.config),
      lost: [],
      warnings: next.warnings,
      plan: plan && dryRun ? ['pool 0: fill 1021 slots'] : null,
    };
  }
}
