import type { CliOutput } from '../src/cli/index.ts';

/** Says on one stream what the bench is doing: a line that counts on a terminal, a line a part elsewhere. */
export class Progress {
  readonly #output: CliOutput;
  #part = '';

  constructor(output: CliOutput) {
    this.#output = output;
  }

  /** Work on a part has come this far. */
  step(part: string, done: number, all: number): void {
    if (this.#output.isTTY) this.#output.write(`\r\x1b[Kbench: ${part} ${done}/${all}`);
    else if (part !== this.#part) this.#output.write(`bench: ${part}\n`);
    this.#part = part;
  }

  /** Takes the counting line away. */
  finish(): void {
    if (this.#output.isTTY) this.#output.write('\r\x1b[K');
  }
}
