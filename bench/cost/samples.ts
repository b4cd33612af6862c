import type { CostPlan } from '../plan.ts';

/** An interface of the balancer's namespace. */
export interface NetworkInterface {
  readonly ifindex: number;
  readonly mac: string;
}

/** What the cost program is told. */
export interface CostArguments {
  readonly plan: CostPlan;
  /** Path of cost.bpf.o. */
  readonly object: string;
  /** Folder of the balancer's pins. */
  readonly pins: string;
  /** Where it answers for its counters. */
  readonly adminSocket: string;
  /** Interfaces of the balancer towards the clients and towards the target. */
  readonly front: NetworkInterface;
  readonly back: NetworkInterface;
  /** Where the balancer listens, and where it sends to. */
  readonly listen: string;
  readonly target: string;
  /** First address of the clients, of which there are {@link CLIENT_ADDRESSES} in a row. */
  readonly client: string;
}

/** TCP port of the listener and of the target. */
export const COST_PORT = 80;
/** TCP port of the listener whose connections are bound late. */
export const LATE_PORT = 443;
/** TCP port of a listener with a limit for each source, which none of them reaches. */
export const LIMITED_PORT = 82;
/** Clients have this many addresses, and as many ports as it takes. */
export const CLIENT_ADDRESSES = 4;

/** What is measured: first the yardsticks, then what the balancer does at XDP, then what it does at TC. */
export const COST_CASES = [
  'bare',
  'bareRoute',
  'established',
  'lateEstablished',
  'reply',
  'lateReply',
  'pass',
  'new',
  'newLimited',
  'tcEstablished',
  'tcLateEstablished',
] as const;
/** One of them. */
export type CostCase = (typeof COST_CASES)[number];

/** One case with one number of flows; what the cost program prints a list of. */
export interface CostSamples {
  readonly case: CostCase;
  readonly flows: number;
  /** ns a packet, one sample a round. */
  readonly ns: readonly number[];
}
