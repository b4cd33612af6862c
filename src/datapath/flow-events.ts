import { formatEndpoint, type Protocol } from '../config/index.ts';
import { type BpfMap, deleteBatch, possibleCpus, RingView, walkMap } from '../libbpf/index.ts';
import { decodeAddress } from './address.ts';
import {
  EVENT_LOSSES_SIZE,
  EVENT_SETTINGS_SIZE,
  FlowEnd,
  type FlowEvent,
  FlowEventFlag,
  FlowRoute,
  readEventLosses,
  readEventSettings,
  readFlowEvent,
  writeEventSettings,
} from './generated/abi.ts';
import { protocolName } from './protocols.ts';
import { u32Key } from './u32-key.ts';

/** What the kernel tells of a flow. */
export interface FlowEventEntry {
  /** `opened`, or how it has ended. */
  readonly what: 'opened' | 'fin' | 'rst' | 'refused' | 'timeout' | 'evicted';
  readonly protocol: Protocol;
  /** `ip:port`, as in a {@link FlowEntry}. */
  readonly client: string;
  readonly listener: string;
  readonly target: string;
  readonly route: 'default' | 'source' | 'sni';
  /** Of the name of the SNI route, see `nameHash`; 0n without one. */
  readonly nameHash: bigint;
  readonly proxyId: number;
  readonly targetId: number;
  /** CLOCK_MONOTONIC. */
  readonly openedNs: bigint;
  /** Its last packet. */
  readonly seenNs: bigint;
  readonly forward: { readonly packets: number; readonly bytes: number };
  readonly reply: { readonly packets: number; readonly bytes: number };
  /** False when packets are missing. */
  readonly complete: boolean;
}

/** What was not told though it should have been; only grows. */
export interface FlowEventLosses {
  /** Events that found the ring full. */
  readonly opened: number;
  readonly closed: number;
  /** Flows that found the table of flows that are told of full. */
  readonly flows: number;
}

/** Of which flows the kernel is to tell. */
export interface Telling {
  /** One in so many. */
  readonly oneIn: number;
  /** Also when they are opened, not only when they end. */
  readonly opened: boolean;
}

type Maps = Readonly<Record<'events' | 'eventSettings' | 'eventLosses' | 'toldFlows', BpfMap>>;

const WHAT = new Map<number, FlowEventEntry['what']>([
  [FlowEnd.none, 'opened'],
  [FlowEnd.fin, 'fin'],
  [FlowEnd.rst, 'rst'],
  [FlowEnd.refused, 'refused'],
  [FlowEnd.timeout, 'timeout'],
  [FlowEnd.evicted, 'evicted'],
]);
const ROUTES = new Map<number, FlowEventEntry['route']>([
  [FlowRoute.source, 'source'],
  [FlowRoute.sni, 'sni'],
]);

/** What the kernel tells of single flows, and the switch for it. */
export class FlowEvents implements Disposable {
  readonly #maps: Maps;
  #ring: RingView | undefined;

  constructor(maps: Maps) {
    this.#maps = maps;
  }

  /**
   * Says of which flows the kernel is to tell from now on; null: of none. Flows that were told of under other settings are told
   * to end all the same, unless nobody listens any more. @throws BpfError
   */
  async tell(telling: Telling | null): Promise<void> {
    const value = Buffer.alloc(EVENT_SETTINGS_SIZE);
    writeEventSettings({ oneIn: telling?.oneIn ?? 0, opened: telling?.opened ? 1 : 0 }, value);
    const before = this.#maps.eventSettings.lookup(u32Key(0));
    this.#maps.eventSettings.update(u32Key(0), value);
    const wasOn = before !== null && readEventSettings(before).oneIn !== 0;
    if (telling === null && wasOn) await this.#forget();
  }

  /**
   * Visits what was told since the last time, the oldest first, until `isEnough` says so. Returns how many events that were.
   * @throws BpfError
   */
  read(visit: (event: FlowEventEntry) => void, isEnough: () => boolean): number {
    this.#ring ??= RingView.of(this.#maps.events);
    return this.#ring.read((record) => visit(decodeFlowEvent(record)), isEnough);
  }

  /** @throws BpfError */
  losses(): FlowEventLosses {
    const values = this.#maps.eventLosses.lookup(u32Key(0)) ?? Buffer.alloc(0);
    const sum = { opened: 0, closed: 0, flows: 0 };
    for (let cpu = 0; cpu < possibleCpus() && values.length > 0; cpu++) {
      const { opened, closed, flows } = readEventLosses(values, cpu * EVENT_LOSSES_SIZE);
      sum.opened += Number(opened);
      sum.closed += Number(closed);
      sum.flows += Number(flows);
    }
    return sum;
  }

  close(): void {
    this.#ring?.close();
    this.#ring = undefined;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Flows that end while nobody listens would be taken for evicted when somebody does again. */
  async #forget(): Promise<void> {
    const found: Buffer[] = [];
    for await (const { keys } of walkMap(this.#maps.toldFlows)) found.push(Buffer.from(keys));
    for (const keys of found) deleteBatch(this.#maps.toldFlows, keys);
  }
}

/** What a record of the ring says. */
export function decodeFlowEvent(record: Buffer): FlowEventEntry {
  const event = readFlowEvent(record);
  const { client, reply } = event;
  return {
    what: WHAT.get(event.end) ?? 'evicted',
    protocol: protocolName(client.protocol),
    client: endpoint(client.src.bytes, client.sport),
    listener: endpoint(client.dst.bytes, client.dport),
    target: endpoint(reply.src.bytes, reply.sport),
    route: ROUTES.get(event.route) ?? 'default',
    nameHash: event.name,
    proxyId: event.proxy,
    targetId: event.target,
    openedNs: event.openedNs,
    seenNs: event.seenNs,
    forward: traffic(event.forward),
    reply: traffic(event.backward),
    complete: (event.flags & FlowEventFlag.incomplete) === 0,
  };
}

function traffic({ packets, bytes }: FlowEvent['forward']) {
  return { packets: Number(packets), bytes: Number(bytes) };
}

function endpoint(address: Buffer, port: number): string {
  return formatEndpoint({ ip: decodeAddress(address), port });
}
