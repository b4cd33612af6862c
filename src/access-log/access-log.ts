import { type EndedFlow, type RecordFormat, recordWriter } from './format.ts';
import { LogFile, type LogFileOptions } from './log-file.ts';

/** Characters that may wait for the file. */
const MAX_WAITING = 8 * 1024 * 1024;
/** How often it is said that records are lost, milliseconds. */
const COMPLAIN_EVERY_MS = 60_000;
/** Pause before a file that could not be written is tried again, milliseconds. */
const RETRY_MS = 1_000;

/** How to log. */
export interface AccessLogOptions extends LogFileOptions {
  readonly format: RecordFormat;
  /** Monotonic clock, milliseconds. */
  readonly nowMs: () => number;
  /** Is told, at most once a minute, how many records were lost since it was last, and why. */
  readonly onLoss: (count: number, why: string) => void;
}

/** What became of records. */
export interface AccessLogCounts {
  readonly written: number;
  /** Lost, because the file could not be written, or not quickly enough. */
  readonly dropped: number;
}

/** Writes records of flows that have ended. Nobody waits for the file: what it cannot take in time is dropped, and counted. */
export class AccessLog implements AsyncDisposable {
  readonly #options: AccessLogOptions;
  readonly #file: LogFile;
  readonly #write: (ended: EndedFlow) => string;
  #waiting: string[] = [];
  #waitingLength = 0;
  #written = 0;
  #dropped = 0;
  #complained = 0;
  #complainedAtMs = Number.NEGATIVE_INFINITY;
  #failedAtMs = Number.NEGATIVE_INFINITY;
  #work: Promise<void> | undefined;

  constructor(options: AccessLogOptions) {
    this.#options = options;
    this.#file = new LogFile(options);
    this.#write = recordWriter(options.format);
  }

  /** Notes a record, to be written with those that come in the same moment. */
  note(ended: EndedFlow): void {
    const line = this.#write(ended);
    if (this.#waitingLength + line.length > MAX_WAITING) {
      this.#drop(1, 'the file does not take them quickly enough');
      return;
    }
    this.#waiting.push(line);
    this.#waitingLength += line.length;
    this.#work ??= this.#run();
  }

  /** What became of the records so far. */
  get counts(): AccessLogCounts {
    return { written: this.#written, dropped: this.#dropped };
  }

  /** Opens the file anew, under its name: who has renamed it gets no more. Records that wait go into the new one. */
  async reopen(): Promise<void> {
    await this.#work;
    await this.#file.close();
  }

  /** Writes what waits, and closes the file. */
  async close(): Promise<void> {
    await this.#work;
    await this.#file.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #run(): Promise<void> {
    // What is noted in the same turn goes with it.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) await this.#writeWaiting();
    this.#work = undefined;
  }

  async #writeWaiting(): Promise<void> {
    const lines = this.#waiting;
    this.#waiting = [];
    this.#waitingLength = 0;
    if (this.#options.nowMs() - this.#failedAtMs < RETRY_MS) {
      this.#drop(lines.length, 'the file cannot be written');
      return;
    }
    try {
      await this.#file.append(lines.join(''));
      this.#written += lines.length;
    } catch (error) {
      this.#failedAtMs = this.#options.nowMs();
      await this.#file.close().catch(() => {});
      this.#drop(lines.length, error instanceof Error ? error.message : String(error));
    }
  }

  #drop(count: number, why: string): void {
    this.#dropped += count;
    const nowMs = this.#options.nowMs();
    if (nowMs - this.#complainedAtMs < COMPLAIN_EVERY_MS) return;
    this.#options.onLoss(this.#dropped - this.#complained, why);
    this.#complainedAtMs = nowMs;
    this.#complained = this.#dropped;
  }
}
