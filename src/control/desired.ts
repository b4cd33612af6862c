import type { Algorithm, ForwardMode, Protocol } from '../config/index.ts';
import type { HookMode, RateRule, SourceLimitEntry } from '../datapath/index.ts';
import type { Factors } from '../weights/index.ts';

/** What the kernel should hold, with every name resolved to addresses and interface indexes, but no ids yet. */
export interface DesiredState {
  readonly proxies: readonly DesiredProxy[];
  /** Slots of a pool whose connections find theirs by a hash. */
  readonly hashTableSize: number;
  readonly interfaces: readonly DesiredInterface[];
  readonly missing: readonly MissingInterface[];
}

/** A proxy that is to be reachable. */
export interface DesiredProxy {
  readonly name: string;
  readonly mode: ForwardMode;
  readonly listeners: readonly DesiredListener[];
  /** How connections that no route matches choose their target. */
  readonly algorithm: Algorithm;
  readonly defaultTargets: readonly DesiredTarget[];
  readonly sourceRoutes: readonly DesiredRoute[];
  /** What a source may open; null: anything. */
  readonly sourceLimit: DesiredSourceLimit | null;
  readonly sniRoutes: readonly DesiredSniRoute[];
  /** The longest TCP segment that every path to a target takes, by IP version. */
  readonly mss: { readonly 4: number; readonly 6: number };
}

/** A limit of what a source may open. */
export type DesiredSourceLimit = Omit<SourceLimitEntry, 'proxyId'>;

/** One address that a proxy answers on. */
export interface DesiredListener {
  readonly address: string;
  readonly port: number;
  readonly protocol: Protocol;
}

/** Clients of `source` and their own targets. */
export interface DesiredRoute {
  readonly source: string;
  readonly algorithm: Algorithm;
  readonly targets: readonly DesiredTarget[];
}

/** Clients that ask for a host name, or for a name of `*.domain`, and their targets. */
export interface DesiredSniRoute {
  readonly name: string;
  readonly algorithm: Algorithm;
  readonly targets: readonly DesiredTarget[];
}

/** One target of a pool, with the limit of what it takes. */
export interface DesiredTarget extends RateRule {
  readonly address: string;
  readonly port: number;
  /** Relative share of new connections: the effective weight. */
  readonly weight: number;
  readonly configuredWeight: number;
  /** What made the one of the other. */
  readonly factors: Factors;
  readonly local: boolean;
  readonly snatAddress: string | null;
  /** It gets a header of the PROXY protocol. */
  readonly proxyHeader: boolean;
}

/** An interface that is to carry the programs. */
export interface DesiredInterface {
  readonly name: string;
  readonly ifindex: number;
  /** Link-layer address. */
  readonly mac: string | null;
  readonly role: 'listen' | 'reply' | 'both';
  readonly mode: HookMode;
  /** `auto` chose the mode: if it does not work, the next best may. */
  readonly mayFallBack: boolean;
}

/** An interface that the configuration names and the host does not have right now. */
export interface MissingInterface {
  readonly name: string;
  readonly role: DesiredInterface['role'];
}
