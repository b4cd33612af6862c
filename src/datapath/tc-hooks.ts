import {
  attachTc,
  BpfLink,
  type BpfProgram,
  createTcHook,
  detachTc,
  kernelHas,
  queryTc,
  type TcDirection,
  type TcFilter,
} from '../libbpf/index.ts';
import type { PinFolder } from './pins.ts';
import { removeLink } from './remove-link.ts';

/** A way to hang programs on the TC hooks of interfaces. */
export interface TcHooks {
  attach(ifindex: number, direction: TcDirection, program: BpfProgram): void;
  /** Puts another program in the place of the attached one. */
  replace(ifindex: number, direction: TcDirection, program: BpfProgram): void;
  /** Nothing happens when it is not attached. */
  detach(ifindex: number, direction: TcDirection): void;
  isAttached(ifindex: number, direction: TcDirection): boolean;
}

/** TCX links (Linux 6.6), pinned; before that a filter of the clsact qdisc, which stays by itself. */
export function tcHooks(pins: PinFolder, instance: string): TcHooks {
  return kernelHas('tcx') ? new TcxHooks(pins) : new ClsactHooks(instance);
}

class TcxHooks implements TcHooks {
  readonly #pins: PinFolder;

  constructor(pins: PinFolder) {
    this.#pins = pins;
  }

  attach(ifindex: number, direction: TcDirection, program: BpfProgram): void {
    using link = BpfLink.attachTcx(program, ifindex, direction);
    link.pin(this.#path(ifindex, direction));
  }

  replace(ifindex: number, direction: TcDirection, program: BpfProgram): void {
    using link = BpfLink.fromPin(this.#path(ifindex, direction));
    link.update(program);
  }

  detach(ifindex: number, direction: TcDirection): void {
    if (this.#isPinned(ifindex, direction)) removeLink(this.#pins, linkName(ifindex, direction));
  }

  isAttached(ifindex: number, direction: TcDirection): boolean {
    if (!this.#isPinned(ifindex, direction)) return false;
    using link = BpfLink.fromPin(this.#path(ifindex, direction));
    return link.info.ifindex === ifindex;
  }

  #isPinned(ifindex: number, direction: TcDirection): boolean {
    return this.#pins.names('links').includes(linkName(ifindex, direction));
  }

  #path(ifindex: number, direction: TcDirection): string {
    return this.#pins.pin('links', linkName(ifindex, direction));
  }
}

function linkName(ifindex: number, direction: TcDirection): string {
  return `${ifindex}_tc_${direction}`;
}

/** Priority of our filters: behind those that ask for an early one, before the kernel's automatic ones (49152). */
const CLSACT_PRIORITY = 40_000;

class ClsactHooks implements TcHooks {
  readonly #handle: number;

  constructor(instance: string) {
    this.#handle = handleOf(instance);
  }

  attach(ifindex: number, direction: TcDirection, program: BpfProgram): void {
    createTcHook(ifindex);
    attachTc(this.#filter(ifindex, direction), program);
  }

  replace(ifindex: number, direction: TcDirection, program: BpfProgram): void {
    attachTc(this.#filter(ifindex, direction), program, true);
  }

  detach(ifindex: number, direction: TcDirection): void {
    detachTc(this.#filter(ifindex, direction));
  }

  isAttached(ifindex: number, direction: TcDirection): boolean {
    return queryTc(this.#filter(ifindex, direction)) !== null;
  }

  #filter(ifindex: number, direction: TcDirection): TcFilter {
    return { ifindex, direction, priority: CLSACT_PRIORITY, handle: this.#handle };
  }
}

/** A filter handle of its own for each instance, so that several can share an interface (FNV-1a, 1 to 65535). */
function handleOf(instance: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(instance)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return (hash % 0xffff) + 1;
}
