import type { Host, OwnedProcess } from '../../lab/index.ts';
import { SluiceError } from '../../src/errors/index.ts';
import { programCommand, type SoakProgram } from '../paths.ts';

/** A program of the soak in a host that reports what it counts, a line of JSON each. */
export class Helper<Count> implements AsyncDisposable {
  readonly #title: string;
  readonly #process: OwnedProcess;
  #count: Count | undefined;
  #reports = 0;
  #partial = '';

  constructor(host: Host, program: SoakProgram, args: object) {
    this.#title = `${program} on ${host.name}`;
    this.#process = host.spawn(programCommand(program, args));
    this.#process.onStdout((text) => this.#read(text));
  }

  /** What it has counted. @throws SluiceError `internal` when it has ended without being asked or not yet reported */
  get count(): Count {
    if (this.#count !== undefined && this.#process.running) return this.#count;
    throw new SluiceError('internal', `soak: ${this.#title} is not there: ${this.#process.output}`);
  }

  /** How many reports have come; one that begins after a moment is two more. */
  get reports(): number {
    return this.#reports;
  }

  /** Whether there is a report. @throws SluiceError `internal` when the program has ended */
  get hasReported(): boolean {
    if (!this.#process.running) return this.count !== undefined;
    return this.#count !== undefined;
  }

  /** Tells it something. */
  tell(what: unknown): void {
    this.#process.write(`${JSON.stringify(what)}\n`);
  }

  /** Asks it to come to an end; it goes on counting what is under way. */
  finish(): void {
    this.#process.endInput();
  }

  close(): Promise<void> {
    return this.#process.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #read(text: string): void {
    const lines = `${this.#partial}${text}`.split('\n');
    this.#partial = lines.pop() ?? '';
    const last = lines.at(-1);
    if (last === undefined) return;
    // The programs are this package's own, so the shape is agreed.
    this.#count = JSON.parse(last) as Count;
    this.#reports++;
  }
}
