import type { OwnedProcess } from '../../lab/index.ts';

const ERROR_LEVELS: readonly unknown[] = ['error', 'fatal'];
const KEPT_ERRORS = 100;

/** Reads the log of a daemon, a line of JSON each, and of those that follow it. */
export class LogReader {
  readonly errors: string[] = [];
  #counts = new Map<string, number>();
  #partial = '';

  /** Begins with a new daemon: messages count anew, errors stay. */
  follow(process: OwnedProcess): void {
    const counts = new Map<string, number>();
    this.#counts = counts;
    this.#partial = '';
    process.onStdout((text) => {
      const lines = `${this.#partial}${text}`.split('\n');
      this.#partial = lines.pop() ?? '';
      for (const line of lines) this.#take(line, counts);
    });
  }

  /** How often the daemon has said this. */
  count(message: string): number {
    return this.#counts.get(message) ?? 0;
  }

  has(message: string): boolean {
    return this.count(message) > 0;
  }

  #take(line: string, counts: Map<string, number>): void {
    const { level, msg } = JSON.parse(line) as { readonly level?: unknown; readonly msg?: unknown };
    if (typeof msg === 'string') counts.set(msg, (counts.get(msg) ?? 0) + 1);
    if (ERROR_LEVELS.includes(level) && this.errors.length < KEPT_ERRORS) this.errors.push(line);
  }
}
