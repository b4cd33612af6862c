import { formatEndpoint } from '../config/index.ts';
import { SluiceError } from '../errors/index.ts';
import type { KernelSide } from './kernel-side.ts';
import { proxyNames } from './reports.ts';

/** What the numbers of a captured packet stand for, by what is in the tables now. */
export class PacketNames {
  readonly #kernel: Pick<KernelSide, 'state' | 'interfaceReports'>;
  #proxies: ReadonlyMap<number, string> = new Map();
  #targets: ReadonlyMap<number, string> = new Map();
  #interfaces: ReadonlyMap<number, string> = new Map();

  constructor(kernel: Pick<KernelSide, 'state' | 'interfaceReports'>) {
    this.#kernel = kernel;
  }

  /** @throws SluiceError `not_found` when no interface of this name carries the programs */
  ifindex(name: string): number {
    const interfaces = this.#kernel.interfaceReports().filter(({ mode }) => mode !== 'detached');
    const found = interfaces.find((each) => each.name === name);
    if (found !== undefined) return found.index;
    throw new SluiceError('not_found', `no interface "${name}" carries the programs`, {
      fix: `use ${interfaces.map((each) => each.name).join(', ')}`,
    });
  }

  /** Name of a proxy; null for none. */
  proxy(id: number | null): string | null {
    return this.#find(id, () => this.#proxies);
  }

  /** `ip:port` of a target; null for none. */
  target(id: number | null): string | null {
    return this.#find(id, () => this.#targets);
  }

  /** Name of an interface, `#7` of one that has gone. */
  interface(index: number): string {
    return this.#find(index, () => this.#interfaces) ?? `#${index}`;
  }

  /** What has come since the last reading is found by another one; ids and what they name do not change. */
  #find(id: number | null, table: () => ReadonlyMap<number, string>): string | null {
    if (id === null) return null;
    if (!table().has(id)) this.#read();
    return table().get(id) ?? null;
  }

  #read(): void {
    const { state } = this.#kernel;
    this.#proxies = proxyNames(state);
    this.#targets = new Map(
      [...state.targets.values()].map(({ id, address, port }) => [id, formatEndpoint({ ip: address, port })]),
    );
    this.#interfaces = new Map(this.#kernel.interfaceReports().map(({ index, name }) => [index, name]));
  }
}
