import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { onProcessEnd } from '../../lab/exit-hook.ts';
import { type Lab, type OwnedProcess, PIN_DIRECTORY, uniqueInstance } from '../../lab/index.ts';
import { AdminClient } from '../../src/admin/index.ts';
import { SluiceError } from '../../src/errors/index.ts';
import { programPath, sluiceCommand } from '../paths.ts';
import type { ConfigFile } from '../settings.ts';
import { LogReader } from './log-reader.ts';

const READY_TIMEOUT_MS = 120_000;
const POLL_MS = 10;
const STOP_GRACE_MS = 10_000;
const HEAP_EVERY_MS = 1_000;

/**
 * `sluice run` in the balancer's namespace, with an instance of its own, that is reloaded, ended and started again.
 * Closing it takes everything out of the kernel.
 */
export class Daemon implements AsyncDisposable {
  readonly instance: string;
  readonly admin: AdminClient;
  /** Where the probe in the daemon writes the size of its heap. */
  readonly heapFile: string;
  readonly #lab: Lab;
  readonly #configFile: string;
  readonly #socket: string;
  readonly #exitHook: Disposable;
  readonly #log = new LogReader();
  #process: OwnedProcess | undefined;
  #readyMs = 0;

  constructor(lab: Lab) {
    this.instance = uniqueInstance('soak');
    this.#lab = lab;
    this.#configFile = join(lab.directory, 'sluice.json');
    this.#socket = join(lab.directory, 'admin.sock');
    this.heapFile = join(lab.directory, 'heap.json');
    this.admin = new AdminClient({ socketPath: this.#socket });
    // The kernel objects outlive a daemon that is killed: a hurried end must not leave them.
    this.#exitHook = onProcessEnd(() => this.#removeNow());
  }

  /** Folder of its pinned maps and programs. */
  get pins(): string {
    return join(PIN_DIRECTORY, this.instance);
  }

  get pid(): number {
    return this.#running.pid;
  }

  /** Lines of the logs of all daemons with level `error` or above. */
  get errors(): readonly string[] {
    return this.#log.errors;
  }

  /** Writes a configuration; it has no effect before a start or a reload. */
  async write(config: ConfigFile): Promise<void> {
    await writeFile(this.#configFile, JSON.stringify(config));
  }

  /** Starts and waits until it is ready. @throws SluiceError `internal` with its output when it ends or stays silent */
  async start(): Promise<void> {
    const flags = ['-c', this.#configFile, '--instance', this.instance, '--admin-socket', this.#socket];
    const env = {
      NODE_OPTIONS: `--import ${pathToFileURL(programPath('heap-probe')).href}`,
      SOAK_HEAP_FILE: this.heapFile,
      SOAK_HEAP_EVERY_MS: String(HEAP_EVERY_MS),
    };
    const options = { graceMs: STOP_GRACE_MS, env };
    this.#process = this.#lab.balancer.spawn([sluiceCommand(), 'run', ...flags], options);
    this.#log.follow(this.#process);
    await this.#until(() => this.#log.has('ready'), 'ready');
    this.#readyMs = performance.now();
  }

  /** For how long the daemon has been ready. */
  get ageMs(): number {
    return performance.now() - this.#readyMs;
  }

  /** Whether the daemon that runs has taken over what an earlier one left. */
  get hasAdopted(): boolean {
    return this.#log.has('adopted what an earlier daemon left in the kernel');
  }

  /** Asks to read the file again; not the whole process group, in which `ip` would die of it. */
  hangUp(): void {
    process.kill(this.pid, 'SIGHUP');
  }

  /** Writes a configuration and has it applied. @throws SluiceError `config_invalid` with the log when it is refused */
  async reload(config: ConfigFile): Promise<void> {
    await this.write(config);
    const before = { done: this.#log.count('reloaded'), refused: this.#log.errors.length };
    this.hangUp();
    const isRefused = () => this.#log.errors.length > before.refused;
    await this.#until(() => this.#log.count('reloaded') > before.done || isRefused(), 'reloaded');
    if (isRefused()) throw new SluiceError('internal', `soak: a reload failed: ${this.#log.errors.at(-1)}`);
  }

  /** Ends it; the kernel goes on. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    this.#running.kill(signal);
    await this.#running.exited;
  }

  /** Detaches and ends it; makes sure that nothing stays in the kernel. */
  async close(): Promise<void> {
    this.#process?.kill('SIGINT');
    await this.#process?.close();
    if (existsSync(this.pins)) {
      await this.#lab.balancer.exec([sluiceCommand(), 'detach', '--instance', this.instance]);
    }
    this.#exitHook[Symbol.dispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  get #running(): OwnedProcess {
    if (this.#process?.running) return this.#process;
    throw new SluiceError('internal', `soak: the daemon is not there: ${this.#process?.output}`);
  }

  async #until(condition: () => boolean, what: string): Promise<void> {
    const deadline = performance.now() + READY_TIMEOUT_MS;
    while (!condition()) {
      const { output } = this.#running;
      if (performance.now() > deadline) {
        throw new SluiceError('internal', `soak: the daemon is not ${what}: ${output}`);
      }
      await sleep(POLL_MS);
    }
  }

  #removeNow(): void {
    spawnSync(sluiceCommand(), ['detach', '--instance', this.instance], {
      stdio: 'ignore',
      timeout: STOP_GRACE_MS,
    });
    rmSync(this.pins, { recursive: true, force: true });
  }
}
