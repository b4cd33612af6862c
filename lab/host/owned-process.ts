import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { killGroup } from './command.ts';

const KEPT_OUTPUT_CHARS = 64 * 1024;

/** How a process is started. */
export interface SpawnOptions {
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** How long the process may take after SIGTERM before SIGKILL; default 1,000. */
  readonly graceMs?: number | undefined;
}

/** A long-running process in its own process group, whose last output is kept for error messages. */
export class OwnedProcess implements AsyncDisposable {
  readonly argv: readonly string[];
  readonly pid: number;
  /** Settles when the process has ended: its exit status, or null when a signal ended it. */
  readonly exited: Promise<number | null>;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #graceMs: number;
  #stdout = '';
  #stderr = '';
  #ended = false;

  /** @throws Error when the command cannot be started at all. */
  constructor(argv: readonly string[], options: SpawnOptions = {}) {
    const [command = '', ...args] = argv;
    this.argv = argv;
    this.#graceMs = options.graceMs ?? 1_000;
    this.#child = spawn(command, args, {
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...options.env },
    });
    this.exited = new Promise((resolve) => {
      this.#child.once('error', (error) => {
        this.#stderr += error.message;
        this.#ended = true;
        resolve(null);
      });
      this.#child.once('close', (code) => {
        this.#ended = true;
        resolve(code);
      });
    });
    this.pid = this.#child.pid ?? 0;
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout = keep(this.#stdout + text);
    });
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = keep(this.#stderr + text);
    });
    this.#child.stdin.on('error', () => undefined);
  }

  /** Whether the process is still there. */
  get running(): boolean {
    return !this.#ended;
  }

  /** The last 64 kB of standard output. */
  get stdout(): string {
    return this.#stdout;
  }

  /** The last 64 kB of standard error. */
  get stderr(): string {
    return this.#stderr;
  }

  /** Both streams, for error messages. */
  get output(): string {
    return `${this.#stdout}${this.#stderr}`.trim();
  }

  /** Standard output as it comes, in chunks of text. */
  onStdout(listener: (text: string) => void): void {
    this.#child.stdout.on('data', listener);
  }

  /** Writes to the standard input. */
  write(text: string): void {
    this.#child.stdin.write(text);
  }

  /** Ends the standard input. */
  endInput(): void {
    this.#child.stdin.end();
  }

  /** Signals the whole process group. */
  kill(signal: NodeJS.Signals = 'SIGTERM'): void {
    if (this.pid > 0) killGroup(this.pid, signal);
  }

  /** SIGTERM, then SIGKILL after the grace time; returns when the process is gone. */
  async close(): Promise<void> {
    if (this.#ended) return;
    this.kill('SIGTERM');
    const patience = new AbortController();
    const grace = sleep(this.#graceMs, 'late' as const, { signal: patience.signal }).catch(() => 'ended');
    const first = await Promise.race([this.exited, grace]);
    patience.abort();
    if (first === 'late') {
      this.kill('SIGKILL');
      await this.exited;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

function keep(text: string): string {
  return text.length > KEPT_OUTPUT_CHARS ? text.slice(-KEPT_OUTPUT_CHARS) : text;
}
