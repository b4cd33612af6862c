import { expect } from 'vitest';
import { SampleConfig } from '../../admin/sample-config.fixture.ts';
import { SampleView } from '../../admin/sample-view.fixture.ts';
import { type Config, configHash, simpleConfig } from '../../config/index.ts';
import { LogControl } from '../../control/log-control.ts';
import type { ChangeOptions, ChangeReport } from '../../report/index.ts';
import { type CapturedIo, capturedIo } from '../captured-io.fixture.ts';
import type { ControlPlane, RunningBalancer, StartOptions } from '../control-plane.ts';
import type { CliIo } from '../io.ts';
import { main } from '../main.ts';

/** A configuration that remembers what was read for it. */
class RememberingConfig extends SampleConfig {
  /** How the daemon reads its configuration again. */
  reread: StartOptions['reread'];
  settings = simpleConfig({ interfaces: ['lo'] }).settings;
  readonly #apply: (config: Config) => void;

  constructor(apply: (config: Config) => void) {
    super();
    this.#apply = apply;
  }

  override async reload(options: ChangeOptions = {}): Promise<ChangeReport> {
    if (this.reread === undefined) throw new Error('there is no file');
    const loaded = await this.reread();
    this.settings = loaded.config.settings;
    this.#apply(loaded.config);
    return this.replace(loaded, options);
  }

  async settled(): Promise<void> {}

  reloadIfChanged(): Promise<ChangeReport> {
    return this.reload();
  }
}

/** A balancer without a kernel, for tests: it remembers what it was told. */
export class RememberingBalancer extends SampleView implements RunningBalancer {
  readonly calls: string[] = [];
  readonly applied: Config[] = [];

  override readonly configuration = new RememberingConfig((config) => {
    this.applied.push(config);
    this.feed.emit({ type: 'configurationApplied', generation: 2, hash: configHash(config) });
  });

  readonly flows = {
    reopenLog: async () => {
      this.calls.push('reopenLog');
    },
  };

  size() {
    return { proxies: 1, targets: 2 };
  }

  override async detach(): Promise<void> {
    this.calls.push('detach');
  }

  async close(): Promise<void> {
    this.calls.push('close');
  }
}

/** A daemon under test. */
export interface TestDaemon {
  readonly io: CapturedIo;
  readonly balancer: RememberingBalancer;
  /** What balancers were started with. */
  readonly started: readonly StartOptions[];
  /** The exit status. */
  readonly ended: Promise<number>;
}

/** A control plane that starts whatever `start` gives and finds nothing to detach. */
export function controlPlane(start: (options: StartOptions) => Promise<RunningBalancer>): ControlPlane {
  return { LoadBalancer: { start }, detachInstance: async () => false };
}

/** Runs a command line whose daemon works in `directory`, with its socket there. */
export function startDaemon(
  directory: string,
  argv: readonly string[],
  overrides: Partial<CliIo> = {},
): TestDaemon {
  const balancer = new RememberingBalancer();
  const started: StartOptions[] = [];
  const io = capturedIo({
    cwd: directory,
    loadControl: async () =>
      controlPlane(async (options) => {
        started.push(options);
        balancer.configuration.reread = options.reread;
        balancer.log = new LogControl(options.logger);
        return balancer;
      }),
    ...overrides,
  });
  const ended = main([...argv, '--admin-socket', `${directory}/admin.sock`], io);
  return { io, balancer, started, ended };
}

/** The lines of a JSON log. */
export function logLines(io: CapturedIo): Record<string, unknown>[] {
  const lines = io.out().split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line));
}

/** The messages of a JSON log. */
export function messages(io: CapturedIo): unknown[] {
  return logLines(io).map((line) => line.msg);
}

/** Waits until the daemon says that it is ready. */
export async function ready(io: CapturedIo): Promise<void> {
  await expect.poll(() => messages(io)).toContain('ready');
}

/** Flags of one proxy. */
export const FLAGS = ['-i', 'eth0', '-p', '80', '-t', '10.0.0.1:8080'] as const;
/** A configuration file of one proxy. */
export const YAML =
  'proxies:\n  - name: web\n    listen: { interfaces: [lo], port: 80 }\n    defaultTarget: { ip: 10.0.0.1, port: 8080 }\n';
