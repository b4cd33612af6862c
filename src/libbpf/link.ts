import { BpfError, check, errorFromErrno } from './bpf-error.ts';
import { ERRNO } from './errno.ts';
import { fillInfo } from './info.ts';
import { interfaceName } from './interface.ts';
import { type KernelFeature, kernelHas, unsupportedFeature } from './kernel-version.ts';
import { native } from './native.ts';
import { OPTS_SIZE } from './native-types.ts';
import { OwnedFd } from './owned-fd.ts';
import { openPin, pinFd } from './pin.ts';
import type { BpfProgram } from './program.ts';
import { linkTypeName } from './type-names.ts';

/** Where XDP runs: in the driver, or (slower, any device) before the stack. */
export type XdpMode = 'native' | 'generic';

/** Which way packets go, seen from the interface. */
export type TcDirection = 'ingress' | 'egress';

/** `enum bpf_attach_type` */
const ATTACH_XDP = 37;
const ATTACH_TCX: Readonly<Record<TcDirection, number>> = { ingress: 46, egress: 47 };

/** `XDP_FLAGS_DRV_MODE`, `XDP_FLAGS_SKB_MODE` */
const XDP_FLAGS: Readonly<Record<XdpMode, number>> = { native: 4, generic: 2 };

/** What the kernel says of a link. */
export interface LinkInfo {
  readonly id: number;
  /** `xdp`, `tcx`, or another `BPF_LINK_TYPE_*` in lower case. */
  readonly type: string;
  readonly programId: number;
  /** 0 when the device has gone, or for links that have none. */
  readonly ifindex: number;
  /** Only of TCX links. */
  readonly direction: TcDirection | undefined;
}

/** A program at a hook. It stays attached while the link is open or pinned. */
export class BpfLink implements Disposable {
  readonly fd: OwnedFd;

  private constructor(fd: OwnedFd) {
    this.fd = fd;
  }

  /**
   * Attaches an XDP program to an interface.
   * @throws {BpfError} `busy` when another program is attached, `unsupported` when the driver has no native XDP or
   * the kernel is older than 5.9, `not_found` for an unknown interface
   */
  static attachXdp(program: BpfProgram, ifindex: number, mode: XdpMode): BpfLink {
    const what = `attaching XDP (${mode}) to ${interfaceName(ifindex)}`;
    const fd = createLink(program, ifindex, ATTACH_XDP, XDP_FLAGS[mode]);
    if (fd === -ERRNO.EOPNOTSUPP && mode === 'native') {
      throw errorFromErrno(fd, what, { detail: 'the driver has no native XDP for this set-up' });
    }
    return BpfLink.#own(fd, what, 'xdpLink');
  }

  /** Attaches a TC program to an interface by TCX. @throws {BpfError} `unsupported` before Linux 6.6 */
  static attachTcx(program: BpfProgram, ifindex: number, direction: TcDirection): BpfLink {
    const what = `attaching TCX (${direction}) to ${interfaceName(ifindex)}`;
    return BpfLink.#own(createLink(program, ifindex, ATTACH_TCX[direction], 0), what, 'tcx');
  }

  /** Opens a pinned link. @throws {BpfError} `not_found` */
  static fromPin(path: string): BpfLink {
    return new BpfLink(openPin(path, 'link'));
  }

  /** Opens a link by its id. @throws {BpfError} `not_found` */
  static fromId(id: number): BpfLink {
    const fd = check(native().linkFdById(id), `opening the link with id ${id}`);
    return new BpfLink(new OwnedFd(fd, `link ${id}`));
  }

  static #own(fd: number, what: string, feature: KernelFeature): BpfLink {
    if (fd === -ERRNO.EINVAL && !kernelHas(feature)) throw unsupportedFeature(feature, what, -fd);
    return new BpfLink(new OwnedFd(check(fd, what), what.replace(/^attaching/, 'the link for')));
  }

  /** What the kernel says of it now. */
  get info(): LinkInfo {
    const info = Buffer.alloc(128);
    fillInfo(this.fd, info);
    const type = linkTypeName(info.readUInt32LE(0));
    const hasDevice = type === 'xdp' || type === 'tcx';
    return {
      type,
      id: info.readUInt32LE(4),
      programId: info.readUInt32LE(8),
      ifindex: hasDevice ? info.readUInt32LE(16) : 0,
      direction: type === 'tcx' ? tcxDirection(info.readUInt32LE(20)) : undefined,
    };
  }

  /** Puts another program in the place of the attached one; no packet sees neither. @throws {BpfError} */
  update(program: BpfProgram): void {
    const result = native().linkUpdate(this.fd.value, program.fd.value, null);
    if (result === -ERRNO.ENOLINK) {
      throw new BpfError('not_found', `updating ${this.fd.what}`, {
        errno: ERRNO.ENOLINK,
        detail: 'its device has gone',
      });
    }
    check(result, `updating ${this.fd.what}`);
  }

  /** Detaches the program now, pinned or not. The link stays as an empty shell. @throws {BpfError} */
  detach(): void {
    check(native().linkDetach(this.fd.value), `detaching ${this.fd.what}`);
  }

  /** Pins it in a mounted bpffs: the program stays attached after this process. @throws {BpfError} `exists` */
  pin(path: string): void {
    pinFd(this.fd, path);
  }

  /** Closes the descriptor; detaches unless the link is pinned. */
  close(): void {
    this.fd.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

function createLink(program: BpfProgram, ifindex: number, type: number, flags: number): number {
  return native().linkCreate(program.fd.value, ifindex, type, { sz: OPTS_SIZE.linkCreate, flags });
}

function tcxDirection(attachType: number): TcDirection {
  return attachType === ATTACH_TCX.egress ? 'egress' : 'ingress';
}
