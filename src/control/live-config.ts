import type { Logger } from 'pino';
import {
  type Change,
  type Config,
  type ConfigWarning,
  changeConfig,
  configDifferences,
  configDocument,
  type Difference,
  describeDifference,
  fileStamp,
  type LoadedConfig,
  loadConfigFile,
  type Settings,
} from '../config/index.ts';
import { SluiceError } from '../errors/index.ts';
import type { EventFeed } from '../events/index.ts';
import type { ChangeOptions, ChangeReport, ConfigReport, DiffReport, FileReport } from '../report/index.ts';
import type { ConfigTransition, Convergence, NextConfig } from './convergence.ts';
import { describeStep, type Step } from './plan.ts';

/** What changes of a running configuration need. */
export interface LiveConfigOptions {
  readonly convergence: Pick<Convergence, 'applied' | 'hashes' | 'settled' | 'update' | 'preview'>;
  readonly logger: Logger;
  /** Is told of reloads that fail. */
  readonly feed: Pick<EventFeed, 'emit'>;
  /** The generation that is in force. */
  readonly generation: () => number;
  /** Reads the file again; undefined where the configuration came from elsewhere. */
  readonly reread: (() => Promise<LoadedConfig>) | undefined;
}

/** What is known of a content of the file: the hash of its configuration, or null when it has none. */
interface KnownContent {
  readonly stamp: string | null | undefined;
  readonly hash: string | null;
}

/** The configuration of a running balancer: what it is, and every way to change it. Changes come one after another. */
export class LiveConfig {
  readonly #options: LiveConfigOptions;
  /** What the file said when it was read last; run-time changes are what differs from it. */
  #base: LoadedConfig;
  #content: KnownContent;
  #lastFailure: FileReport['lastFailure'] = null;

  constructor(options: LiveConfigOptions) {
    this.#options = options;
    this.#base = options.convergence.applied;
    this.#content = { stamp: this.#base.stamp, hash: this.#hashOf(this.#base.config) };
  }

  /** The configuration in force, with every default filled in. */
  get config(): Config {
    return this.#options.convergence.applied.config;
  }

  /** The settings in force. */
  get settings(): Settings {
    return this.config.settings;
  }

  /** Resolves when the changes that were asked for until now are in the kernel. */
  settled(): Promise<void> {
    return this.#options.convergence.settled();
  }

  /** What is in force. */
  async running(): Promise<ConfigReport> {
    const { config } = this.#options.convergence.applied;
    return {
      generation: this.#options.generation(),
      hash: this.#hashOf(config),
      config: configDocument(config),
    };
  }

  /**
   * Changes a piece of the configuration.
   * @throws SluiceError of {@link changeConfig} and of applying it; what was in force stays
   */
  change(change: Change, options: ChangeOptions = {}): Promise<ChangeReport> {
    let warnings: readonly ConfigWarning[] = [];
    const next: NextConfig = (applied) => {
      const changed = changeConfig(applied.config, change);
      warnings = changed.warnings;
      return { ...applied, config: changed.config };
    };
    return this.#perform(`changed: ${change.kind}`, next, options, (report) => ({ ...report, warnings }));
  }

  /** Puts a whole configuration in the place of the one in force. @throws SluiceError; what was in force stays */
  replace(loaded: LoadedConfig, options: ChangeOptions = {}): Promise<ChangeReport> {
    const { file, stamp } = this.#base;
    const next: NextConfig = () => ({ ...loaded, file, ...(stamp !== undefined && { stamp }) });
    return this.#perform('replaced', next, options, (report) => ({ ...report, warnings: loaded.warnings }));
  }

  /**
   * Reads the file again and applies it. Changes that were made at run time and are not in the file are lost; the report and
   * the log have them.
   * @throws SluiceError `conflict` when there is no file, those of the file and of applying it; what was in force stays
   */
  reload(options: ChangeOptions = {}): Promise<ChangeReport> {
    return this.#noteFailure(options, async () => this.#reload(await this.#readFile(), options));
  }

  /**
   * {@link reload}, unless the file says what it said when it was read last: a file that was only touched takes back no
   * change that was made at run time. Null then.
   */
  reloadIfChanged(): Promise<ChangeReport | null> {
    return this.#noteFailure({}, async () => {
      const loaded = await this.#readFile();
      if (this.#hashOf(loaded.config) !== this.#hashOf(this.#base.config)) return this.#reload(loaded, {});
      this.#base = loaded;
      this.#lastFailure = null;
      return null;
    });
  }

  /** What a reload would change now. @throws SluiceError as {@link reload} */
  async diff(options: Pick<ChangeOptions, 'plan'> = {}): Promise<DiffReport> {
    const report = await this.reload({ ...options, dryRun: true });
    return { ...report, file: this.#base.file ?? '' };
  }

  /** How the file and what is in force compare; null without a file. Reads the file only when it is another one. */
  async file(): Promise<FileReport | null> {
    const { file } = this.#base;
    if (file === null || this.#options.reread === undefined) return null;
    const stamp = await fileStamp(file);
    if (stamp !== this.#content.stamp) {
      const loaded = await this.#readFile().catch(() => null);
      if (loaded === null) this.#content = { stamp, hash: null };
    }
    const { hash } = this.#content;
    const state = hash === null ? 'invalid' : hash === this.#runningHash() ? 'same' : 'differs';
    return { state, lastFailure: this.#lastFailure };
  }

  #runningHash(): string {
    return this.#hashOf(this.#options.convergence.applied.config);
  }

  async #readFile(): Promise<LoadedConfig> {
    const { reread } = this.#options;
    if (reread === undefined) {
      throw new SluiceError('conflict', 'there is no file to reload: the configuration came from elsewhere', {
        fix: 'start with a file: sluice run -c FILE',
      });
    }
    const loaded = await reread();
    this.#content = { stamp: loaded.stamp, hash: this.#hashOf(loaded.config) };
    return loaded;
  }

  /** Keeps what went wrong with a reload for the status. */
  async #noteFailure<T>({ dryRun }: ChangeOptions, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!dryRun) {
        const message = error instanceof Error ? error.message : String(error);
        this.#lastFailure = { at: new Date().toISOString(), message };
        this.#options.feed.emit({ type: 'configurationRefused', reason: message });
      }
      throw error;
    }
  }

  async #reload(loaded: LoadedConfig, options: ChangeOptions): Promise<ChangeReport> {
    let lost: readonly Difference[] = [];
    const next: NextConfig = (applied) => {
      const base = this.#base.config;
      const isChanged = this.#hashOf(base) !== this.#hashOf(applied.config);
      lost = isChanged ? lostChanges(base, applied.config, loaded.config) : [];
      if (!options.dryRun) this.#warnOfLost(lost);
      return loaded;
    };
    const { warnings } = loaded;
    const report = await this.#perform(null, next, options, (done) => ({ ...done, lost, warnings }));
    if (!options.dryRun) {
      this.#base = loaded;
      this.#lastFailure = null;
    }
    return report;
  }

  /** Does the change, or works out what it would do. */
  async #perform(
    what: string | null,
    next: NextConfig,
    { dryRun = false, plan = false, ifHash }: ChangeOptions,
    complete: (report: ChangeReport) => ChangeReport,
  ): Promise<ChangeReport> {
    const { convergence, generation, logger } = this.#options;
    const checked: NextConfig = (applied) => {
      this.#mustHave(ifHash, applied.config);
      return next(applied);
    };
    const done: ConfigTransition & { readonly steps?: readonly Step[] } = dryRun
      ? await convergence.preview(checked)
      : await convergence.update(checked);
    const differences = this.#differences(done.before.config, done.after.config);
    const hash = this.#hashOf(done.after.config);
    if (!dryRun && what !== null) {
      logger.info({ changes: differences.map(describeSigned), hash }, `the configuration was ${what}`);
    }
    return complete({
      dryRun,
      generation: generation(),
      hash,
      differences,
      lost: [],
      warnings: [],
      plan: plan && done.steps ? done.steps.map(describeStep) : null,
    });
  }

  #mustHave(wanted: readonly string[] | undefined, config: Config): void {
    const hash = this.#hashOf(config);
    if (wanted === undefined || wanted.includes(hash)) return;
    throw new SluiceError(
      'precondition_failed',
      `this was meant for another configuration: it is "${hash}" now`,
      {
        details: [{ where: 'hash', message: hash }],
        fix: 'read it again, and decide anew',
      },
    );
  }

  #warnOfLost(lost: readonly Difference[]): void {
    if (lost.length === 0) return;
    const changes = lost.map(describeSigned);
    this.#options.logger.warn({ lost: changes }, 'the reload takes back changes that were made at run time');
  }

  #hashOf(config: Config): string {
    return this.#options.convergence.hashes.of(config);
  }

  #differences(from: Config, to: Config): readonly Difference[] {
    return configDifferences(from, to, this.#options.convergence.hashes.of);
  }
}

/** Reads the file of a configuration again; undefined when it has none. */
export function fileReader({ file }: LoadedConfig): (() => Promise<LoadedConfig>) | undefined {
  return file === null ? undefined : () => loadConfigFile(file);
}

/** What was changed at run time and is not so in the new file. */
function lostChanges(base: Config, running: Config, next: Config): readonly Difference[] {
  const place = ({ proxy, pool, name }: Difference) => JSON.stringify([proxy, pool, name]);
  const takenBack = new Set(configDifferences(running, next).map(place));
  return configDifferences(base, running).filter((each) => takenBack.has(place(each)));
}

function describeSigned(difference: Difference): string {
  const sign = { add: '+', remove: '-', change: '~' }[difference.op];
  return `${sign} ${describeDifference(difference)}`;
}
