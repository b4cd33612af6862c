import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type ExecResult, type Host, type Lab, type OwnedProcess, uniqueInstance } from '../../lab/index.ts';
import { patienceMs } from '../../lab/patience.ts';
import { AdminClient } from '../../src/admin/index.ts';

/** The command that users run. */
export const SLUICE = fileURLToPath(new URL('../../bin/sluice', import.meta.url));
const READY_TIMEOUT_MS = 60_000;
const POLL_MS = 20;

/** A configuration file's content, as the YAML and JSON forms have it. */
export type ConfigFile = Readonly<Record<string, unknown>>;

/** How a balancer of a test is started. */
export interface BalancerOptions {
  /** Where it runs; default the lab's balancer. */
  readonly host?: Host;
  /** More flags of `sluice run`. */
  readonly flags?: readonly string[];
  /** Default: a name that nobody else has. */
  readonly instance?: string;
  /** A command that runs every `sluice` of this balancer, e.g. `['env', 'NAME=value']`. */
  readonly wrap?: readonly string[];
}

/**
 * A real `sluice run` in a namespace of a lab, with an instance, a socket and a configuration file of its own. Closing it
 * takes everything out of the kernel, whatever became of the process.
 */
export class Balancer implements AsyncDisposable {
  readonly instance: string;
  readonly admin: AdminClient;
  readonly configFile: string;
  readonly adminSocket: string;
  readonly #host: Host;
  readonly #flags: readonly string[];
  readonly #wrap: readonly string[];
  #process: OwnedProcess | undefined;

  private constructor(lab: Lab, options: BalancerOptions) {
    const id = randomBytes(4).toString('hex');
    this.instance = options.instance ?? uniqueInstance('test');
    this.#host = options.host ?? lab.balancer;
    this.adminSocket = join(lab.directory, `${id}.sock`);
    this.configFile = join(lab.directory, `${id}.json`);
    this.admin = new AdminClient({ socketPath: this.adminSocket });
    this.#flags = options.flags ?? [];
    this.#wrap = options.wrap ?? [];
  }

  /** Starts the daemon and waits until it answers. @throws Error with its output when it ends instead. */
  static async start(lab: Lab, config: ConfigFile, options: BalancerOptions = {}): Promise<Balancer> {
    const balancer = new Balancer(lab, options);
    await balancer.writeConfig(config);
    try {
      await balancer.startDaemon();
      return balancer;
    } catch (error) {
      await balancer.close();
      throw error;
    }
  }

  /** The daemon. @throws Error when it was never started. */
  get process(): OwnedProcess {
    if (this.#process === undefined) throw new Error('the daemon was not started');
    return this.#process;
  }

  async writeConfig(config: ConfigFile): Promise<void> {
    await writeFile(this.configFile, JSON.stringify(config, null, 2));
  }

  /** Starts a daemon (again) and waits until it answers. */
  async startDaemon(): Promise<void> {
    const flags = ['-c', this.configFile, '--instance', this.instance, '--admin-socket', this.adminSocket];
    const argv = [...this.#wrap, SLUICE, 'run', ...flags, ...this.#flags];
    this.#process = this.#host.spawn(argv, { graceMs: 10_000 });
    await this.#until(() => this.process.stdout.includes('"msg":"ready"'), 'ready');
  }

  /** Kills the daemon at once, as a crash would. */
  async crash(): Promise<void> {
    this.process.kill('SIGKILL');
    await this.process.exited;
  }

  /** Sends a signal and waits for the end; returns the exit status. */
  async stop(signal: 'SIGTERM' | 'SIGINT'): Promise<number | null> {
    this.process.kill(signal);
    return this.process.exited;
  }

  /** Writes a new configuration and reloads it by SIGHUP. @throws Error with the log when it is refused. */
  async reload(config: ConfigFile): Promise<void> {
    await this.writeConfig(config);
    const seen = this.process.stdout.length;
    this.#hangUp();
    const news = () => this.process.stdout.slice(seen);
    await this.#until(() => /"msg":"(reloaded|not reloaded)/.test(news()), 'reloaded');
    if (!news().includes('"msg":"reloaded"')) throw new Error(`the reload was refused: ${news()}`);
  }

  /** Runs `sluice ARGS` in the balancer's namespace against this daemon. */
  sluice(...args: string[]): Promise<ExecResult> {
    return this.#host.exec([...this.#wrap, SLUICE, ...args, '--admin-socket', this.adminSocket]);
  }

  /** Packets by `hook/reason`, of every reason that was counted. */
  async reasons(): Promise<Readonly<Record<string, number>>> {
    const { reasons } = await this.admin.stats();
    return Object.fromEntries(reasons.map(({ hook, reason, packets }) => [`${hook}/${reason}`, packets]));
  }

  /** Ends the daemon and takes everything out of the kernel. */
  async close(): Promise<void> {
    if (this.#process?.running) await this.stop('SIGINT');
    if (!existsSync(`/sys/fs/bpf/sluice/${this.instance}`)) return;
    const detach = [...this.#wrap, SLUICE, 'detach', '--instance', this.instance];
    const { code, stderr } = await this.#host.exec(detach);
    if (code !== 0) throw new Error(`sluice detach failed: ${stderr}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Not its process group, in which `ip` would die of it. One that ended a moment ago is noticed by who waits for its answer. */
  #hangUp(): void {
    try {
      process.kill(this.process.pid, 'SIGHUP');
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }

  async #until(condition: () => boolean, what: string): Promise<void> {
    const deadline = performance.now() + patienceMs(READY_TIMEOUT_MS);
    while (!condition()) {
      if (!this.process.running)
        throw new Error(`the daemon ended before it was ${what}: ${this.process.output}`);
      if (performance.now() > deadline) throw new Error(`the daemon is not ${what}: ${this.process.output}`);
      await sleep(POLL_MS);
    }
  }
}
