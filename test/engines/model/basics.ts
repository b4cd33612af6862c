/** The packet programs, by the name of their hook. */
export type HookName = 'xdp_ingress' | 'tc_ingress' | 'tc_egress';

export type Protocol = 'tcp' | 'udp';

/** Addresses and ports of one direction. */
export interface Tuple {
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly destinationPort: number;
}

/** Packets and bytes of one direction. */
export interface Traffic {
  readonly packets: number;
  readonly bytes: number;
}
