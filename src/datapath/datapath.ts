import { SluiceError, takeBack } from '../errors/index.ts';
import { BpfError } from '../libbpf/index.ts';
import { readAttempts, readFailures } from './attempts.ts';
import { Captures } from './captures.ts';
import { type ReasonCount, readReasonCounts, readTargetCounts } from './counters.ts';
import type { Attachment, AttemptCounts, FlowEntry, HookMode, TargetCounts } from './entries.ts';
import { translateErrors } from './errors.ts';
import { FlowEvents } from './flow-events.ts';
import { readFlows } from './flows.ts';
import {
  Abi,
  DEVICE_SIZE,
  readSweepArgs,
  SWEEP_ARGS_SIZE,
  writeDevice,
  writeSweepArgs,
} from './generated/abi.ts';
import { detachHooks, Hooks, linkedIndexes } from './hooks.ts';
import {
  closeObjects,
  closePrograms,
  createObjects,
  type DatapathMaps,
  type DatapathPrograms,
  incompatible,
  isComplete,
  loadOnto,
  mustBelongTogether,
  openObjects,
  pinPrograms,
} from './kernel-objects.ts';
import { Measures } from './measures.ts';
import { type LoadOptions, objectDigest, objectPath } from './object-file.ts';
import { PinFolder } from './pins.ts';
import { Rates } from './rates.ts';
import { lruSlack, tableSizes } from './table-sizes.ts';
import { SLOTS_PER_BLOCK, Tables } from './tables.ts';
import { tcHooks } from './tc-hooks.ts';
import { u32Key } from './u32-key.ts';

/** How to open a data path. */
export interface DatapathOptions extends LoadOptions {
  /** Name of the folder in bpffs; several instances live side by side. */
  readonly instance: string;
  /** Flows that the table holds. An adopted instance keeps the size it has. */
  readonly maxFlows: number;
  /** Sources that limits are kept of; an adopted instance keeps the size it has. */
  readonly maxSources: number;
  /** Every interface of this network namespace: any of them may carry the programs of an earlier daemon. */
  readonly ifindexes: readonly number[];
}

/** Idle times after which the sweep forgets a flow, seconds. */
export interface FlowTimeouts {
  readonly synSec: number;
  readonly establishedSec: number;
  readonly closingSec: number;
  readonly udpSec: number;
}

/** What a sweep found. */
export interface SweepResult {
  /** Flows that are not closing. */
  readonly active: number;
  /** The same of new flows that have not proven themselves yet; they have a table of their own. */
  readonly pending: number;
  /** Halves of flows that were removed. */
  readonly expired: number;
  /** CLOCK_MONOTONIC, the clock of the flows' times. */
  readonly nowNs: bigint;
}

const NS_PER_SEC = 1_000_000_000n;
/** How long a target may take to answer a SYN: as long as a client waits before it sends it again (RFC 6298, 2). */
const ANSWER_TIMEOUT_NS = NS_PER_SEC;

/**
 * The kernel's side of one instance: tables, flows, counters, hooks. It lives in the kernel, pinned in bpffs; this
 * object is a handle on it, and closing it stops no packet.
 */
export class Datapath implements Disposable {
  readonly tables: Tables;
  /** What limits on new flows have refused. */
  readonly rates: Rates;
  /** What is read of all targets at once. */
  readonly measures: Measures;
  /** What the kernel tells of single flows. */
  readonly flowEvents: FlowEvents;
  /** Packets that the programs tell of while somebody wants to see them. */
  readonly captures: Captures;
  /** An earlier daemon's programs and tables were found and kept. */
  readonly adopted: boolean;
  readonly #pins: PinFolder;
  readonly #maps: DatapathMaps;
  readonly #hooks: Hooks;
  #programs: DatapathPrograms;
  /** When the last sweep was, on the kernel's clock; 0 before the first. */
  #lastSweepNs = 0n;

  private constructor(
    pins: PinFolder,
    instance: string,
    maps: DatapathMaps,
    programs: DatapathPrograms,
    adopted: boolean,
  ) {
    this.#pins = pins;
    this.#maps = maps;
    this.#programs = programs;
    this.#hooks = new Hooks(pins, instance, programs);
    this.tables = new Tables(maps);
    this.rates = new Rates(maps);
    this.measures = new Measures(maps);
    this.flowEvents = new FlowEvents(maps);
    this.captures = new Captures(maps);
    this.adopted = adopted;
  }

  /**
   * Adopts what an instance left in the kernel, or makes it. Programs of another version or with other load
   * options are replaced in place: packets keep flowing, and no counter is lost.
   * @throws SluiceError `permission`, `unsupported`, `conflict`, `kernel`
   */
  static open(options: DatapathOptions): Datapath {
    const pins = new PinFolder(options.instance);
    if (pins.exists() && isComplete(pins)) return Datapath.#adopt(pins, options);
    mustNotBeInUse(pins, options.instance);
    // What a daemon left that died while it was loading: nothing hangs on an interface yet.
    translateErrors('removing the pins of a daemon that died', () => pins.remove());
    try {
      return Datapath.#create(pins, options);
    } catch (error) {
      throw takeBack(error, [{ where: pins.path, work: () => pins.remove() }]);
    }
  }

  static #create(pins: PinFolder, options: DatapathOptions): Datapath {
    const { maps, programs } = createObjects(pins, tableSizes(options), options);
    const datapath = new Datapath(pins, options.instance, maps, programs, false);
    return datapath.#orClose(() => datapath.#noteDigest(options));
  }

  static #adopt(pins: PinFolder, options: DatapathOptions): Datapath {
    const objects = openObjects(pins);
    const datapath = new Datapath(pins, options.instance, objects.maps, objects.programs, true);
    return datapath.#orClose(() => {
      mustBelongTogether(pins, objects);
      const { abiVersion, objectDigest: digest } = datapath.tables.metadata();
      // 0: a daemon died right after it had made the tables, before it could note whose they are. They are empty.
      if (abiVersion !== 0 && abiVersion !== Abi.version) {
        throw incompatible(options.instance, 'its tables have another meaning');
      }
      if (!objectDigest(objectPath(), options).equals(digest)) datapath.#upgrade(options);
    });
  }

  #orClose(work: () => void): this {
    try {
      work();
      return this;
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Flows that the table holds. */
  get maxFlows(): number {
    return Math.floor((this.#maps.flows.info.maxEntries - lruSlack()) / 2);
  }

  /** Sources that limits are kept of. */
  get maxSources(): number {
    return this.#maps.rateSource.info.maxEntries - lruSlack();
  }

  /** How many ids the tables have. */
  get limits(): {
    readonly proxies: number;
    readonly targets: number;
    readonly pools: number;
    readonly slots: number;
  } {
    return {
      proxies: this.#maps.proxyNames.info.maxEntries,
      targets: this.#maps.targets.info.maxEntries,
      pools: this.#maps.pools.info.maxEntries,
      slots: this.#maps.slots.info.maxEntries * SLOTS_PER_BLOCK,
    };
  }

  /** @throws SluiceError as {@link Hooks.attach} */
  attach(ifindex: number, name: string, mode: HookMode): void {
    this.#hooks.attach(ifindex, name, mode);
  }

  detach(ifindex: number): void {
    this.#hooks.detach(ifindex);
    this.setDevice(ifindex, { mac: null, xdpRedirect: false });
  }

  /** How an interface is attached; null when it is not, or only half. */
  attachment(ifindex: number): Attachment | null {
    return this.#hooks.attachment(ifindex);
  }

  /** Indexes with pinned links, also of interfaces that have gone. */
  pinnedIndexes(): number[] {
    return this.#hooks.pinnedIndexes();
  }

  /**
   * Tells XDP of an interface: its MAC address (frames for others are left alone), and whether frames may be sent out of
   * it; where not, TC does. Interfaces with an index beyond the table always use TC.
   */
  setDevice(ifindex: number, device: { readonly mac: string | null; readonly xdpRedirect: boolean }): void {
    if (ifindex >= this.#maps.devices.info.maxEntries) return;
    const value = Buffer.alloc(DEVICE_SIZE);
    const mac = Buffer.from((device.mac ?? '').replaceAll(':', '').padStart(12, '0'), 'hex');
    writeDevice({ xdpRedirect: device.xdpRedirect ? 1 : 0, mac }, value);
    this.#maps.devices.update(u32Key(ifindex), value);
  }

  /** Walks the flow tables in the kernel: forgets what is idle and counts what is open per target. */
  async sweep(timeouts: FlowTimeouts): Promise<SweepResult> {
    const context = Buffer.alloc(SWEEP_ARGS_SIZE);
    writeSweepArgs(
      {
        synTimeoutNs: BigInt(timeouts.synSec) * NS_PER_SEC,
        establishedTimeoutNs: BigInt(timeouts.establishedSec) * NS_PER_SEC,
        closingTimeoutNs: BigInt(timeouts.closingSec) * NS_PER_SEC,
        udpTimeoutNs: BigInt(timeouts.udpSec) * NS_PER_SEC,
        answerTimeoutNs: ANSWER_TIMEOUT_NS,
        lastNs: this.#lastSweepNs,
        nowNs: 0n,
        active: 0n,
        pending: 0n,
        expired: 0n,
      },
      context,
    );
    const { ctxOut } = await this.#programs.sweep.runAsync({ ctxIn: context });
    const result = readSweepArgs(ctxOut);
    this.#lastSweepNs = result.nowNs;
    return {
      active: Number(result.active),
      pending: Number(result.pending),
      expired: Number(result.expired),
      nowNs: result.nowNs,
    };
  }

  /** Flows of a target that the last sweep found open. */
  activeFlows(targetId: number): number {
    return Number(this.#maps.targetActive.lookup(u32Key(targetId))?.readBigUInt64LE(0) ?? 0n);
  }

  flows(signal?: AbortSignal): AsyncGenerator<FlowEntry> {
    return readFlows([this.#maps.flows, this.#maps.pending], signal);
  }

  targetCounts(targetId: number): TargetCounts {
    return readTargetCounts(this.#maps.targetStats, targetId);
  }

  /** What became of attempts to connect to the targets with ids from 0 to below `count`, in a few calls for all. */
  attempts(count: number): Promise<readonly AttemptCounts[]> {
    return readAttempts(this.#maps.targetStats, count);
  }

  /** Attempts to connect that were refused or not answered, by any target: cheap enough to be asked often. */
  failures(): bigint {
    return readFailures(this.#maps.failures);
  }

  reasonCounts(): ReasonCount[] {
    return readReasonCounts(this.#maps.reasonStats);
  }

  /** Takes everything out of the kernel: traffic of this instance stops being balanced. */
  destroy(ifindexes: readonly number[]): void {
    for (const ifindex of new Set([...ifindexes, ...this.pinnedIndexes()])) this.#hooks.detach(ifindex);
    translateErrors('removing the pins', () => this.#pins.remove());
    this.close();
  }

  /** Lets go of the descriptors; the kernel's side goes on. */
  close(): void {
    this.flowEvents.close();
    closeObjects({ maps: this.#maps, programs: this.#programs });
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #upgrade(options: DatapathOptions): void {
    const programs = loadOnto(this.#pins, options);
    const candidates = new Set([...options.ifindexes, ...this.pinnedIndexes()]);
    const attached = [...candidates].filter((ifindex) => this.attachment(ifindex) !== null);
    try {
      this.#hooks.replacePrograms(programs, attached);
      translateErrors('pinning the programs', () => pinPrograms(this.#pins, programs));
    } catch (error) {
      closePrograms(programs);
      throw error;
    }
    closePrograms(this.#programs);
    this.#programs = programs;
    this.#noteDigest(options);
  }

  #noteDigest(options: LoadOptions): void {
    const metadata = this.tables.metadata();
    const digest = objectDigest(objectPath(), options);
    this.tables.setMetadata({ ...metadata, objectDigest: digest, abiVersion: Abi.version });
  }
}

/**
 * Removes what an instance has in the kernel, without adopting it; false when there is nothing.
 * @param ifindexes every interface of this network namespace
 */
export function destroyInstance(instance: string, ifindexes: readonly number[]): boolean {
  const pins = new PinFolder(instance);
  if (!pins.exists()) return false;
  const tc = tcHooks(pins, instance);
  for (const ifindex of new Set([...ifindexes, ...linkedIndexes(pins)])) detachHooks(pins, tc, ifindex);
  translateErrors('removing the pins', () => pins.remove());
  return true;
}

/** Without all of its pins an instance cannot be adopted; and while it has links, its programs serve traffic. */
function mustNotBeInUse(pins: PinFolder, instance: string): void {
  if (linkedIndexes(pins).length === 0) return;
  throw new SluiceError(
    'conflict',
    `pins of instance ${instance} are missing, and its programs are attached`,
    {
      fix: `sluice detach --instance ${instance}, then start again (this cuts its connections)`,
    },
  );
}

/** True when the error says that the hook is not possible here, so that another mode may be tried. */
export function isUnsupportedHook(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof BpfError && (cause.code === 'unsupported' || cause.code === 'invalid');
}
