/** A frame taken apart. What is not understood stays in `payload`. */
export interface DecodedFrame {
  readonly sourceMac: string;
  readonly destinationMac: string;
  /** VLAN ids, outermost first. */
  readonly vlans: readonly number[];
  readonly etherType: number;
  readonly ip?: DecodedIp;
}

/** An IP packet taken apart. */
export interface DecodedIp {
  readonly version: 4 | 6;
  readonly source: string;
  readonly destination: string;
  /** TTL or hop limit. */
  readonly hopLimit: number;
  /** Type of service or traffic class. */
  readonly trafficClass: number;
  /** Number of the upper protocol, behind all extension headers. */
  readonly protocol: number;
  /** The whole IPv4 header with options, or the IPv6 header with its extension headers. */
  readonly header: Uint8Array;
  /** Everything behind the header, without Ethernet padding. */
  readonly payload: Uint8Array;
  /** Set when the packet is a fragment. */
  readonly fragment?: { readonly id: number; readonly offset: number; readonly more: boolean };
  readonly dontFragment: boolean;
  /** The payload ends before its announced length: a snapped capture, or the quote inside an ICMP error. */
  readonly truncated: boolean;
  /** Absent in fragments but the first, and for protocols that are not understood. */
  readonly transport?: DecodedTransport;
}

/** A TCP, UDP or ICMP header taken apart. */
export type DecodedTransport =
  | {
      readonly kind: 'tcp';
      readonly sourcePort: number;
      readonly destinationPort: number;
      readonly sequence: number;
      readonly acknowledgement: number;
      /** Subset of `FSRPAUEC`, in that order. */
      readonly flags: string;
      readonly window: number;
      readonly options: Uint8Array;
      readonly payload: Uint8Array;
    }
  | {
      readonly kind: 'udp';
      readonly sourcePort: number;
      readonly destinationPort: number;
      /** 0: the sender made none. */
      readonly checksum: number;
      readonly payload: Uint8Array;
    }
  | {
      readonly kind: 'icmp' | 'icmpv6';
      readonly type: number;
      readonly code: number;
      /** The last two bytes of the header: the MTU of "fragmentation needed"; the last four for "packet too big". */
      readonly mtu: number;
      /** The packet quoted by an error message. */
      readonly quoted?: DecodedIp;
      readonly payload: Uint8Array;
    };
