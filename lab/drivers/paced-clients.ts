import type { Host, OwnedProcess } from '../host/index.ts';
import type { PacedArguments, PacedConnection } from '../programs/paced-connect.ts';
import { programCommand } from '../programs/path.ts';

/** How to connect. */
export interface PacedOptions {
  readonly port?: number;
  /** New connections a second; default 200. */
  readonly perSecond?: number;
  /** How long one may wait for its answer; default 3,000. */
  readonly timeoutMs?: number;
}

/** A client that opens new HTTP connections at a steady pace, whatever becomes of them, and remembers each. */
export class PacedClients implements AsyncDisposable {
  readonly #process: OwnedProcess;
  readonly #seen: PacedConnection[] = [];
  #partial = '';

  constructor(host: Host, address: string, options: PacedOptions = {}) {
    const args: PacedArguments = { address, port: 80, perSecond: 200, timeoutMs: 3000, ...options };
    this.#process = host.spawn(programCommand('paced-connect', [JSON.stringify(args)]));
    this.#process.onStdout((text) => this.#read(text));
  }

  /** Every connection whose fate is known. */
  get seen(): readonly PacedConnection[] {
    return this.#seen;
  }

  /** Those that began in a time, milliseconds since 1970. */
  between(fromMs: number, toMs: number): readonly PacedConnection[] {
    return this.#seen.filter(({ atMs }) => atMs >= fromMs && atMs < toMs);
  }

  /** Ends the client. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process[Symbol.asyncDispose]();
  }

  #read(text: string): void {
    const lines = (this.#partial + text).split('\n');
    this.#partial = lines.pop() ?? '';
    // The program is this package's own, so the shape of what it prints is agreed.
    for (const line of lines) this.#seen.push(JSON.parse(line) as PacedConnection);
  }
}
