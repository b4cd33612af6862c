import type { OwnedProcess } from '../host/index.ts';
import type { Lab } from '../lab.ts';
import { programCommand } from '../programs/path.ts';
import type { TrafficArguments, TrafficCount } from '../programs/traffic.ts';
import type { DemoPool } from './plan.ts';

/** A client that keeps a pool busy, and what it has counted so far. */
export class Traffic implements AsyncDisposable {
  readonly pool: DemoPool;
  readonly #process: OwnedProcess;
  #count: TrafficCount = { byTarget: {}, errors: 0 };
  #partial = '';

  /** Starts the client in its host. */
  constructor(lab: Lab, pool: DemoPool) {
    const host = lab.client(pool.client);
    const args: TrafficArguments = {
      protocol: pool.protocol,
      address: lab.vip4,
      port: pool.port,
      workers: pool.workers,
      holdMs: pool.holdMs,
      sourceAddresses: host.addresses4,
    };
    this.pool = pool;
    this.#process = host.spawn(programCommand('traffic', [JSON.stringify(args)]));
    this.#process.onStdout((text) => this.#read(text));
  }

  /** What the client has seen since its start. */
  get count(): TrafficCount {
    return this.#count;
  }

  /** What the client complained about; empty while all is well. */
  get complaint(): string {
    return this.#process.running ? '' : this.#process.stderr;
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
    if (last !== undefined) this.#count = JSON.parse(last) as TrafficCount;
  }
}
