import { ethernetFrame, ipPacket, PROTOCOL, tcpSegment, udpDatagram } from '../../lab/index.ts';
import { fillSlotTable } from '../../src/control/slot-table.ts';
import type { PoolAlgorithm } from '../../src/datapath/index.ts';
import { objectPath } from '../../src/datapath/index.ts';
import type { Protocol, State } from '../engines/index.ts';
import { contextOf } from '../engines/kernel/context.ts';
import { monotonicNs } from '../engines/kernel/epoch.ts';
import { KernelWorld } from '../engines/kernel/kernel-world.ts';
import { LoadedPrograms } from '../engines/kernel/loaded-programs.ts';
import { KernelTables } from '../engines/kernel/tables.ts';
import { addressCodec } from '../engines/rows/index.ts';
import { WORLD } from '../engines/world.ts';

const LISTENER = { v4: '10.1.0.1', v6: 'fd00:1::1' };
const [FRONT] = WORLD.interfaces;
/** Where the last byte of the destination lies in an Ethernet frame. */
const LAST_BYTE = { v4: 33, v6: 53 };

/** The first packet of a connection. */
export interface Opening {
  readonly client: string;
  readonly port: number;
  readonly protocol?: Protocol;
}

/**
 * The compiled programs in the kernel, and a pool whose slots the control plane has filled: asks which target a first
 * packet is sent to, thousands of times a second.
 */
export class Chooser implements Disposable {
  readonly #world: KernelWorld;
  readonly #programs: LoadedPrograms;
  readonly #tables: KernelTables;
  #family: 'v4' | 'v6' = 'v4';

  private constructor(world: KernelWorld) {
    this.#world = world;
    this.#programs = new LoadedPrograms(objectPath(), {
      snatPortMin: 1024,
      snatPortCount: 1,
      confirmNewFlows: 'never',
    });
    this.#tables = new KernelTables(this.#programs, addressCodec());
  }

  /** @throws BpfError, SluiceError when the kernel refuses the programs or the namespace */
  static async create(): Promise<Chooser> {
    return new Chooser(await KernelWorld.create());
  }

  /** Sends connections to targets of these weights; target N has id N. At most 250. */
  use(algorithm: PoolAlgorithm, weights: readonly number[], family: 'v4' | 'v6' = 'v4'): void {
    this.#family = family;
    const addresses = weights.map((_, id) =>
      family === 'v4' ? `10.2.1.${id + 1}` : `fd00:2::1:${(id + 1).toString(16)}`,
    );
    const targets = weights.map((weight, id) => ({ id, key: `${addresses[id]}:80`, weight }));
    const slots = fillSlotTable(targets, { algorithm, hashTableSize: 16_381 });
    const listener = { address: LISTENER[family], port: 80, proxy: 0, pool: 0 };
    const state: State = {
      pools: [[...slots]],
      ...(algorithm === 'weighted-random' ? {} : { choices: { 0: { algorithm } } }),
      targets: addresses.map((address) => ({ address, port: 80, proxy: 0 })),
      listeners: [
        { ...listener, protocol: 'tcp' },
        { ...listener, protocol: 'udp' },
      ],
      sourceRoutes: [],
      flows: [],
      pending: [],
      fragments: [],
    };
    this.#tables.fill(state, monotonicNs());
  }

  /** The ids of the targets that connections are sent to, one after another. */
  choose(openings: readonly Opening[]): readonly number[] {
    const frames = openings.map((opening) => this.#frameOf(opening));
    const { tc_ingress } = this.#programs.programs;
    const ctxIn = contextOf({ hook: 'tc_ingress', ifindex: FRONT?.ifindex ?? 0, frame: Buffer.alloc(0) });
    return this.#world.within(() =>
      frames.map((dataIn) => (tc_ingress.run({ dataIn, ctxIn }).dataOut[LAST_BYTE[this.#family]] ?? 0) - 1),
    );
  }

  /** How many of these connections each target gets, by id. */
  count(openings: readonly Opening[]): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const id of this.choose(openings)) counts[id] = (counts[id] ?? 0) + 1;
    return counts;
  }

  [Symbol.dispose](): void {
    this.#programs.close();
    this.#world.close();
  }

  #frameOf({ client, port, protocol = 'tcp' }: Opening): Buffer {
    const tuple = {
      source: client,
      sourcePort: port,
      destination: LISTENER[this.#family],
      destinationPort: 80,
    };
    const upper =
      protocol === 'tcp'
        ? tcpSegment({ ...tuple, flags: 'S' })
        : udpDatagram({ ...tuple, payload: Buffer.alloc(8) });
    const packet = ipPacket({ ...tuple, protocol: PROTOCOL[protocol] }, upper);
    return ethernetFrame({ source: '02:00:00:00:0e:0e', destination: FRONT?.mac ?? '' }, packet);
  }
}

/** The first so many connections of different clients, one each: neighbouring addresses, as in a real network. */
export function clients(count: number, family: 'v4' | 'v6' = 'v4'): readonly Opening[] {
  return Array.from({ length: count }, (_, index) => {
    const [high, low] = [index >> 8, index & 255];
    const client =
      family === 'v4' ? `100.64.${high}.${low}` : `2001:db8:c::${high.toString(16)}:${low.toString(16)}`;
    return { client, port: 40_000 };
  });
}

/** Connections of one client, one after another. */
export function connections(count: number, client = '100.64.0.1'): readonly Opening[] {
  return Array.from({ length: count }, (_, index) => ({ client, port: 1024 + index }));
}
