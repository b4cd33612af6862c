import type { AttachMode, ForwardMode } from '../config/index.ts';
import type { HostInterface, HostRoute, Neighbour } from '../host/index.ts';
import type { Finding } from './finding.ts';

/** A listening interface as the configuration wants it. */
export interface SubjectInterface {
  readonly name: string;
  readonly attach: AttachMode;
}

/** A target with an address that is known before anything runs. */
export interface SubjectTarget {
  readonly proxy: string;
  readonly address: string;
  readonly mode: ForwardMode;
}

/** What is to be examined. */
export interface Subject {
  readonly interfaces: readonly SubjectInterface[];
  readonly targets: readonly SubjectTarget[];
}

/** Kernel settings that hold for one interface; null when the kernel does not have them. */
export interface InterfaceSettings {
  readonly forwarding4: boolean | null;
  readonly forwarding6: boolean | null;
  /** Strictness in effect: 0 off, 1 strict, 2 loose. */
  readonly rpFilter: number;
  readonly routeLocalnet: boolean;
}

/** Everything that the checks look at, read once. */
export interface Facts {
  /** As `uname -r` prints it. */
  readonly kernelRelease: string;
  readonly libbpf: { readonly version: string } | { readonly problem: string };
  /** Bits of CapEff; null when unreadable. */
  readonly capabilities: bigint | null;
  /** In a user namespace other than the first. */
  readonly userNamespace: boolean;
  /** A bpf file system is mounted on /sys/fs/bpf. */
  readonly bpffs: boolean;
  /** net.core.bpf_jit_enable; null when unreadable. */
  readonly jit: string | null;
  readonly interfaces: readonly HostInterface[];
  /** By interface, for those that listen or lead to a target. */
  readonly settings: ReadonlyMap<string, InterfaceSettings>;
  /** Features that are on, by interface, as `ethtool -k` names them; null without ethtool. */
  readonly offloads: ReadonlyMap<string, ReadonlySet<string>> | null;
  /** By target address. */
  readonly routes: ReadonlyMap<string, HostRoute | null>;
  readonly neighbours: readonly Neighbour[];
}

/** One check: what it makes of the facts. Looks at nothing else. */
export type Check = (subject: Subject, facts: Facts) => Finding[];
