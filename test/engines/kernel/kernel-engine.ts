import { release } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { patience } from '../../../lab/patience.ts';
import { objectPath } from '../../../src/datapath/index.ts';
import { BpfLink, compareKernels } from '../../../src/libbpf/index.ts';
import type { Capabilities, Case, Engine, Input, Options, Outcome, State } from '../model.ts';
import { addressCodec, decodeEvent } from '../rows/index.ts';
import { WORLD } from '../world.ts';
import { CaptureReader } from './capture-reader.ts';
import { contextOf } from './context.ts';
import { CounterMeter } from './counters.ts';
import { isSameEpoch, monotonicNs, msUntilRoom } from './epoch.ts';
import { HARDWARE_CHECKSUM_KERNEL, runWithHardwareChecksum } from './hardware-checksum.ts';
import { KernelWorld } from './kernel-world.ts';
import { LoadedPrograms } from './loaded-programs.ts';
import { KernelTables } from './tables.ts';
import { verdictOf } from './verdict.ts';

/** Sets of options that are kept loaded at once. */
const KEPT = 4;
/** How often a case may lose its epoch to other work of the machine. */
const ATTEMPTS = 5;
/** By how much a packet may grow: an acknowledgement becomes a segment of held bytes. */
const MOST_GROWTH = 2048;
const DEFAULT_OPTIONS: Options = { snatPortMin: 1024, snatPortCount: 1, confirmNewFlows: 'never' };

const CAPABILITIES: Capabilities = {
  hooks: ['xdp_ingress', 'tc_ingress', 'tc_egress'],
  randoms: false,
  clock: false,
  gso: true,
  linear: false,
  partialChecksum: false,
  vlanStripped: false,
  redirect: false,
  needsIpHeader: true,
};

interface Loaded {
  readonly programs: LoadedPrograms;
  readonly tables: KernelTables;
  readonly counters: CounterMeter;
  readonly captures: CaptureReader;
}

/**
 * The compiled programs in the running kernel, by BPF_PROG_RUN, in a namespace of their own that is {@link WORLD}.
 * Cases must not depend on chance (`randoms`) or on time that passes (`epochsLater`).
 */
export class KernelEngine implements Engine {
  readonly name = 'kernel';
  readonly capabilities = CAPABILITIES;
  readonly #objectPath: string;
  readonly #world: KernelWorld;
  readonly #links: BpfLink[] = [];
  readonly #addresses = addressCodec();
  readonly #hardwareChecksums: boolean;
  /** By options; the one used last is the last. */
  readonly #loaded = new Map<string, Loaded>();

  private constructor(path: string, world: KernelWorld, hardwareChecksums: boolean) {
    this.#objectPath = path;
    this.#world = world;
    this.#hardwareChecksums = hardwareChecksums;
  }

  /**
   * Builds the world and loads the programs.
   * @param path the compiled programs; default those of `npm run build`
   * @param options.hardwareChecksums tell `Outcome.hardwareChecksum` of the first packet of a case, on kernels that can
   * @throws SluiceError, BpfError when either is refused; nothing is left behind then
   */
  static async create(
    path: string = objectPath(),
    { hardwareChecksums = false }: { readonly hardwareChecksums?: boolean } = {},
  ): Promise<KernelEngine> {
    const canTell = compareKernels(release(), HARDWARE_CHECKSUM_KERNEL) >= 0;
    const engine = new KernelEngine(path, await KernelWorld.create(), hardwareChecksums && canTell);
    try {
      engine.#attach();
      return engine;
    } catch (error) {
      engine.close();
      throw error;
    }
  }

  /** @throws RangeError for an input that this engine is not capable of */
  async run(cases: readonly Case[]): Promise<readonly (readonly Outcome[])[]> {
    const outcomes: (readonly Outcome[])[] = [];
    for (const each of cases) outcomes.push(await this.#runCase(each));
    return outcomes;
  }

  close(): void {
    for (const link of this.#links.splice(0)) link.close();
    for (const loaded of this.#loaded.values()) closeLoaded(loaded);
    this.#loaded.clear();
    this.#world.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }

  /** Without an XDP program the driver has no receive queue that BPF_PROG_RUN could name. */
  #attach(): void {
    const { xdp_ingress } = this.#load(DEFAULT_OPTIONS).programs.programs;
    this.#world.within(() => {
      for (const { ifindex } of WORLD.interfaces)
        this.#links.push(BpfLink.attachXdp(xdp_ingress, ifindex, 'native'));
    });
  }

  async #runCase(one: Case): Promise<readonly Outcome[]> {
    const attempts = ATTEMPTS * patience();
    for (let attempt = 0; attempt < attempts; attempt++) {
      const waitMs = msUntilRoom(monotonicNs());
      if (waitMs > 0) await sleep(waitMs);
      const outcomes = this.#attempt(one);
      if (outcomes) return outcomes;
    }
    throw new Error(
      `'${one.name}' did not run within one second, ${attempts} times: the machine is too busy`,
    );
  }

  /** Runs a case; null when the epoch went by meanwhile. */
  #attempt({ options, state, inputs }: Case): readonly Outcome[] | null {
    const loaded = this.#load(options);
    const startNs = monotonicNs();
    loaded.tables.fill(state, startNs);
    loaded.programs.takeRecords();
    const outcomes: Outcome[] = [];
    for (const input of inputs) {
      const hardwareChecksum =
        outcomes.length === 0 ? this.#hardwareChecksum(loaded, input, state) : undefined;
      const { outcome, endNs } = this.#runInput(loaded, input, state.targets.length);
      if (!isSameEpoch(startNs, endNs)) return null;
      // The kernel forgets the sum of a packet that it cuts, but BPF_PROG_RUN compares it all the same.
      const isTold = hardwareChecksum !== undefined && outcome.frame.length === input.frame.length;
      outcomes.push({ ...outcome, ...(isTold ? { hardwareChecksum } : {}) });
    }
    return outcomes;
  }

  /** Asks about the sum of a first packet, and makes the tables again what they were. */
  #hardwareChecksum(
    { programs, tables, counters, captures }: Loaded,
    input: Input,
    state: State,
  ): Outcome['hardwareChecksum'] {
    if (!this.#hardwareChecksums || input.hook === 'xdp_ingress') return undefined;
    const told = this.#world.within(() => runWithHardwareChecksum(programs.programs[input.hook], input));
    tables.fill(state, monotonicNs());
    programs.takeRecords();
    counters.forget();
    captures.read();
    return told;
  }

  #runInput({ programs, tables, counters, captures }: Loaded, input: Input, targetCount: number) {
    mustBeCapable(input);
    counters.start(targetCount);
    const { retval, dataOut } = this.#world.within(() =>
      programs.programs[input.hook].run({
        dataIn: input.frame,
        ctxIn: contextOf(input),
        dataOutSize: input.frame.length + MOST_GROWTH,
      }),
    );
    const endNs = monotonicNs();
    const captured = captures.read();
    const outcome: Outcome = {
      verdict: verdictOf(input.hook, retval),
      frame: Buffer.from(dataOut),
      ...counters.growth(input.hook),
      ...tables.read(endNs),
      events: programs.takeRecords().map((record) => decodeEvent(record, endNs, this.#addresses)),
      ...(captured && { captured }),
    };
    return { outcome, endNs };
  }

  #load(options: Options): Loaded {
    const key = JSON.stringify([options.snatPortMin, options.snatPortCount, options.confirmNewFlows]);
    const known = this.#loaded.get(key);
    const [oldest] = this.#loaded.keys();
    if (known === undefined && oldest !== undefined && this.#loaded.size >= KEPT) {
      const loaded = this.#loaded.get(oldest);
      if (loaded) closeLoaded(loaded);
      this.#loaded.delete(oldest);
    }
    const loaded = known ?? this.#loadNew(options);
    this.#loaded.delete(key);
    this.#loaded.set(key, loaded);
    return loaded;
  }

  #loadNew(options: Options): Loaded {
    const programs = new LoadedPrograms(this.#objectPath, options);
    return {
      programs,
      tables: new KernelTables(programs, this.#addresses),
      counters: new CounterMeter(programs),
      captures: new CaptureReader(programs.captures),
    };
  }
}

function closeLoaded({ programs, captures }: Loaded): void {
  captures.close();
  programs.close();
}

function mustBeCapable(input: Input): void {
  const wanted = (['randoms', 'epochsLater', 'linear', 'partialChecksum', 'vlanStripped'] as const).find(
    (name) => input[name] !== undefined,
  );
  if (wanted !== undefined) throw new RangeError(`the kernel engine cannot give a packet '${wanted}'`);
}
