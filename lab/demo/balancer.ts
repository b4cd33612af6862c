import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AdminClient } from '../../src/admin/index.ts';
import { SluiceError } from '../../src/errors/index.ts';
import type { StatusReport } from '../../src/report/index.ts';
import { onProcessEnd } from '../exit-hook.ts';
import type { OwnedProcess } from '../host/index.ts';
import type { Lab } from '../lab.ts';
import { PIN_DIRECTORY } from '../leaks/index.ts';
import { uniqueInstance } from '../naming.ts';
import { patienceMs } from '../patience.ts';

const READY_TIMEOUT_MS = 60_000;
const POLL_MS = 50;
const STOP_GRACE_MS = 5_000;

/** The balancer of the demo: `sluice run` in the balancer's namespace, with an instance and socket of its own. */
export class DemoBalancer implements AsyncDisposable {
  readonly instance: string;
  /** Where it answers. */
  readonly adminSocket: string;
  readonly #lab: Lab;
  readonly #command: readonly string[];
  readonly #process: OwnedProcess;
  readonly #admin: AdminClient;
  readonly #exitHook: Disposable;

  private constructor(lab: Lab, command: readonly string[], file: string) {
    this.instance = uniqueInstance('demo');
    this.#lab = lab;
    this.#command = command;
    this.adminSocket = join(lab.directory, 'admin.sock');
    this.#admin = new AdminClient({ socketPath: this.adminSocket });
    // The kernel objects outlive a daemon that is killed: a hurried end must not leave them.
    this.#exitHook = onProcessEnd(() => this.#removeNow());
    const flags = [
      '-c',
      file,
      '--instance',
      this.instance,
      '--admin-socket',
      this.adminSocket,
      '--detach-on-exit',
    ];
    this.#process = lab.balancer.spawn([...command, 'run', ...flags], { graceMs: STOP_GRACE_MS });
  }

  /**
   * Starts the balancer and waits until it answers.
   * @throws SluiceError `internal` with what it printed when it ends or stays silent; the signal's reason when aborted.
   */
  static async start(
    lab: Lab,
    command: readonly string[],
    config: string,
    signal: AbortSignal,
  ): Promise<DemoBalancer> {
    const file = join(lab.directory, 'sluice.yaml');
    await writeFile(file, config);
    const balancer = new DemoBalancer(lab, command, file);
    try {
      await balancer.#ready(signal);
      return balancer;
    } catch (error) {
      await balancer.close();
      throw error;
    }
  }

  /** Where its kernel objects are pinned. */
  get pins(): string {
    return join(PIN_DIRECTORY, this.instance);
  }

  /** What it says of itself now. @throws SluiceError `internal` with its output when it has ended. */
  async status(): Promise<StatusReport> {
    if (!this.#process.running) throw this.#failure('ended');
    return this.#admin.status();
  }

  /** Detaches and ends it; makes sure that nothing stays in the kernel. */
  async close(): Promise<void> {
    await this.#process.close();
    if (existsSync(this.pins)) {
      await this.#lab.balancer.exec([...this.#command, 'detach', '--instance', this.instance]);
    }
    this.#exitHook[Symbol.dispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #ready(signal: AbortSignal): Promise<void> {
    const limitMs = patienceMs(READY_TIMEOUT_MS);
    const deadline = performance.now() + limitMs;
    for (;;) {
      signal.throwIfAborted();
      if (!this.#process.running) throw this.#failure('ended before it was ready');
      const answered = await this.#admin.status().then(
        () => true,
        () => false,
      );
      if (answered) return;
      if (performance.now() > deadline) throw this.#failure(`is not ready after ${limitMs} ms`);
      await sleep(POLL_MS);
    }
  }

  #removeNow(): void {
    const [program = '', ...args] = [...this.#command, 'detach', '--instance', this.instance];
    spawnSync(program, args, { stdio: 'ignore', timeout: STOP_GRACE_MS });
    rmSync(this.pins, { recursive: true, force: true });
  }

  #failure(what: string): SluiceError {
    return new SluiceError('internal', `the demo's balancer ${what}: ${this.#process.output}`);
  }
}
