import { hasIpvs, type Lab } from '../../lab/index.ts';

/** Who is measured, in the order of the tables. */
export const CONTENDERS = [
  'plain',
  'nftables',
  'ipvs',
  'haproxy',
  'nginx',
  'sluice-native',
  'sluice-tc',
] as const;
/** One of them. */
export type ContenderName = (typeof CONTENDERS)[number];

/** What the tables call them. */
export const CONTENDER_TITLES: Readonly<Record<ContenderName, string>> = {
  plain: 'plain routing',
  nftables: 'nftables DNAT',
  ipvs: 'IPVS (NAT)',
  haproxy: 'HAProxy (TCP)',
  nginx: 'nginx stream',
  'sluice-native': 'Sluice, native XDP',
  'sluice-tc': 'Sluice, TC',
};

/** Proxies end connections themselves; the others forward packets, which can be counted. */
export const PACKET_FORWARDERS: readonly ContenderName[] = [
  'plain',
  'nftables',
  'ipvs',
  'sluice-native',
  'sluice-tc',
];

/** Those that this machine can run, in the same order: IPVS is part of few kernels. */
export async function availableContenders(): Promise<readonly ContenderName[]> {
  const ipvs = await hasIpvs();
  return CONTENDERS.filter((name) => name !== 'ipvs' || ipvs);
}

/** TCP port of the web service, on the balancer and on the target. */
export const WEB_PORT = 80;
/** The same of the UDP service. */
export const UDP_PORT = 7000;

/** One way from a client to a target, ready for traffic, in a lab of its own. */
export interface AnyContender<Name extends string = string> extends AsyncDisposable {
  readonly name: Name;
  readonly lab: Lab;
  /** Where clients send: the balancer's address, or without a balancer the target's. */
  readonly address: string;
  /** Folder of the pins of what stands between, if it is Sluice. */
  readonly pins: string | null;
}

/** One of {@link CONTENDERS}. */
export type Contender = AnyContender<ContenderName>;
