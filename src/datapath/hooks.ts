import { SluiceError, takeBack } from '../errors/index.ts';
import { BpfError, BpfLink, BpfProgram, queryXdp } from '../libbpf/index.ts';
import type { Attachment, HookMode } from './entries.ts';
import { translateErrors } from './errors.ts';
import type { PinFolder } from './pins.ts';
import { removeLink } from './remove-link.ts';
import { type TcHooks, tcHooks } from './tc-hooks.ts';

/** The programs that hang on interfaces. */
export interface HookPrograms {
  readonly xdpIngress: BpfProgram;
  readonly tcIngress: BpfProgram;
  readonly tcEgress: BpfProgram;
}

/** Attaches the programs to interfaces. What is attached is pinned and stays when the process ends. */
export class Hooks {
  readonly #pins: PinFolder;
  readonly #tc: TcHooks;
  #programs: HookPrograms;

  constructor(pins: PinFolder, instance: string, programs: HookPrograms) {
    this.#pins = pins;
    this.#tc = tcHooks(pins, instance);
    this.#programs = programs;
  }

  /**
   * Attaches an interface, or changes its mode while packets go on. On an error it is as it was before.
   * @throws SluiceError `conflict` when a foreign XDP program is there, `unsupported` when the driver has no native XDP
   */
  attach(ifindex: number, name: string, mode: HookMode): void {
    const before = this.attachment(ifindex);
    try {
      translateErrors(`attaching to ${name} (${mode})`, () => {
        if (before === null) this.#attachTc(ifindex);
        this.#changeXdp(ifindex, mode);
      });
    } catch (error) {
      const back = () => (before === null ? this.detach(ifindex) : this.#changeXdp(ifindex, before.mode));
      throw takeBack(explainConflict(error, ifindex, name), [{ where: name, work: back }]);
    }
  }

  /** Takes every program of this instance off an interface; nothing happens when there is none. */
  detach(ifindex: number): void {
    detachHooks(this.#pins, this.#tc, ifindex);
  }

  /** How the interface is attached; null when it is not, or only half. */
  attachment(ifindex: number): Attachment | null {
    const complete = this.#tc.isAttached(ifindex, 'ingress') && this.#tc.isAttached(ifindex, 'egress');
    if (!complete) return null;
    return { ifindex, mode: this.#xdpMode(ifindex) ?? 'tc' };
  }

  /** Replaces the programs on `ifindexes` without a gap. */
  replacePrograms(programs: HookPrograms, ifindexes: readonly number[]): void {
    this.#programs = programs;
    for (const ifindex of ifindexes) {
      translateErrors(`replacing the programs of interface ${ifindex}`, () => {
        if (this.#xdpMode(ifindex) !== null) {
          using link = BpfLink.fromPin(this.#xdpPath(ifindex));
          link.update(programs.xdpIngress);
        }
        this.#tc.replace(ifindex, 'ingress', programs.tcIngress);
        this.#tc.replace(ifindex, 'egress', programs.tcEgress);
      });
    }
  }

  /** Indexes that links are pinned for, also of interfaces that have gone. */
  pinnedIndexes(): number[] {
    return linkedIndexes(this.#pins);
  }

  #attachTc(ifindex: number): void {
    // Remains of an interface that had this index before.
    this.detach(ifindex);
    this.#tc.attach(ifindex, 'egress', this.#programs.tcEgress);
    this.#tc.attach(ifindex, 'ingress', this.#programs.tcIngress);
  }

  /** A link cannot change its mode, so XDP goes and comes; the TC programs do all its work meanwhile. */
  #changeXdp(ifindex: number, mode: HookMode): void {
    if (this.#xdpMode(ifindex) === mode) return;
    detachXdp(this.#pins, ifindex);
    if (mode === 'tc') return;
    using link = BpfLink.attachXdp(this.#programs.xdpIngress, ifindex, mode);
    link.pin(this.#xdpPath(ifindex));
  }

  #xdpMode(ifindex: number): 'native' | 'generic' | null {
    if (!this.#pins.names('links').includes(xdpName(ifindex))) return null;
    using link = BpfLink.fromPin(this.#xdpPath(ifindex));
    if (link.info.ifindex !== ifindex) return null;
    return queryXdp(ifindex).mode === 'generic' ? 'generic' : 'native';
  }

  #xdpPath(ifindex: number): string {
    return this.#pins.pin('links', xdpName(ifindex));
  }
}

/** Indexes that links of an instance are pinned for, also of interfaces that have gone. */
export function linkedIndexes(pins: PinFolder): number[] {
  const indexes = pins.names('links').map((name) => Number.parseInt(name, 10));
  return [...new Set(indexes)];
}

/** Takes every program of an instance off an interface, whatever else the instance has lost. */
export function detachHooks(pins: PinFolder, tc: TcHooks, ifindex: number): void {
  translateErrors(`detaching from interface ${ifindex}`, () => {
    detachXdp(pins, ifindex);
    tc.detach(ifindex, 'ingress');
    tc.detach(ifindex, 'egress');
  });
}

function detachXdp(pins: PinFolder, ifindex: number): void {
  if (!pins.names('links').includes(xdpName(ifindex))) return;
  removeLink(pins, xdpName(ifindex));
}

function xdpName(ifindex: number): string {
  return `${ifindex}_xdp`;
}

/** Names the foreign program when that is what stands in the way. */
function explainConflict(error: unknown, ifindex: number, name: string): unknown {
  if (!(error instanceof SluiceError) || error.code !== 'conflict') return error;
  const id = xdpProgramId(ifindex);
  if (id === 0) return error;
  return new SluiceError('conflict', `${name} already has an XDP program: ${describeProgram(id)}`, {
    fix: `remove it (ip link set dev ${name} xdp off), or use TC there (settings.attach: {${name}: tc})`,
    cause: error,
  });
}

/** Id of the XDP program of an interface, whoever's it is; 0 when there is none or the kernel does not say. */
function xdpProgramId(ifindex: number): number {
  try {
    const state = queryXdp(ifindex);
    return state.nativeProgramId || state.genericProgramId || state.offloadedProgramId;
  } catch (error) {
    if (error instanceof BpfError) return 0;
    throw error;
  }
}

function describeProgram(id: number): string {
  try {
    using program = BpfProgram.fromId(id);
    return `${program.info.name} (id ${id})`;
  } catch (error) {
    if (error instanceof BpfError) return `id ${id}`;
    throw error;
  }
}
