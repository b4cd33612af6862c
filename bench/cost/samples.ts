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
  /** Interfaces of the balancer towards the clients and towards the target. */
  readonly front: NetworkInterface;
  readonly back: NetworkInterface;
  /** Where the balancer listens, and where it sends to; both on {@link COST_PORT}. */
  readonly listen: string;
  readonly target: string;
  /** First address of the clients, of which there are {@link CLIENT_ADDRESSES} in a row. */
  readonly client: string;
}

/** TCP port of the listener and of the target. */
export const COST_PORT = 80;
/** Clients have this many addresses, and as many ports as it takes. */
export const CLIENT_ADDRESSES = 4;

/** What is measured: first the yardsticks, then what the balancer does. */
export const COST_CASES = ['bare', 'bare_route', 'established', 'reply', 'pass', 'new'] as const;
/** One of them. */
export type CostCase = (typeof COST_CASES)[number];

/** One case with one number of flows. */
export interface CostSamples {
  readonly case: CostCase;
  readonly flows: number;
  /** ns a packet, one sample a round. */
  readonly ns: readonly number[];
}

/** What the cost program prints at its end. */
export interface CostReport {
  readonly samples: readonly CostSamples[];
  /** Packets that were fed to the balancer, by the reason that it must have counted for them. */
  readonly fed: Readonly<Record<string, number>>;
}
