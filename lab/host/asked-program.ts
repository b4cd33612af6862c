import { setTimeout as sleep } from 'node:timers/promises';
import { SluiceError } from '../../src/errors/index.ts';
import type { OwnedProcess } from './owned-process.ts';

/** Options of one question. */
export interface AskOptions {
  /** The program is killed when it takes longer. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** A program that answers each line of its standard input with a line of its standard output, one after another. */
export class AskedProgram {
  readonly #process: OwnedProcess;
  #partial = '';
  #take: (line: string) => void = () => {};

  constructor(process: OwnedProcess) {
    this.#process = process;
    process.onStdout((text) => this.#read(text));
  }

  /** Whether it may be asked again. */
  get running(): boolean {
    return this.#process.running;
  }

  /**
   * Asks one question; the next may be asked when this one is answered.
   * @throws SluiceError `kernel` when the program ends instead, or takes too long; the signal's reason when aborted. It is
   * killed then.
   */
  async ask(question: string, { timeoutMs, signal }: AskOptions): Promise<string> {
    signal?.throwIfAborted();
    const answer = new Promise<string>((resolve) => {
      this.#take = resolve;
    });
    const over = new AbortController();
    const aborted = () => over.abort(signal?.reason);
    signal?.addEventListener('abort', aborted, { once: true });
    this.#process.write(`${question}\n`);
    try {
      return await Promise.race([answer, this.#end(), tooLong(timeoutMs, over.signal)]);
    } catch (error) {
      this.#process.kill('SIGKILL');
      if (signal?.aborted) throw signal.reason;
      const said = `${error instanceof Error ? error.message : error}: ${this.#process.stderr.trim()}`;
      throw new SluiceError('kernel', `command failed: ${this.#process.argv.join(' ')}: ${said}`);
    } finally {
      signal?.removeEventListener('abort', aborted);
      over.abort();
    }
  }

  async #end(): Promise<never> {
    throw new Error(`ended with ${await this.#process.exited}`);
  }

  #read(text: string): void {
    const lines = `${this.#partial}${text}`.split('\n');
    this.#partial = lines.pop() ?? '';
    for (const line of lines) this.#take(line);
  }
}

async function tooLong(timeoutMs: number, signal: AbortSignal): Promise<never> {
  await sleep(timeoutMs, undefined, { signal });
  throw new Error(`no answer after ${timeoutMs} ms`);
}
