/** The services that a stage balances: plain data. */

/** Addresses are of one family in a whole proxy. */
export type Family = 'v4' | 'v6';

/**
 * What a service is there for. `web`: short HTTP connections, whose targets come and go. `routed`: the same, with targets
 * of its own for the second client. `named`: the same, with targets of its own for a host name, which its clients ask for
 * in a ClientHello. `headed`: as `web`, whose targets get a PROXY header. `introduced`: as `named`, with such a header.
 * `echo`: connections that are held. `tunnel`: the same, by host name. `escorted`: the same, with a PROXY header. `talk`: UDP
 * conversations, short ones and held ones. `guest`: connections that are held while their proxy comes and goes. `flooded`:
 * gets SYNs of nobody.
 */
export const KINDS = [
  'web',
  'routed',
  'named',
  'headed',
  'introduced',
  'echo',
  'tunnel',
  'escorted',
  'talk',
  'guest',
  'flooded',
] as const;
/** One of them. */
export type Kind = (typeof KINDS)[number];

/** One proxy and what answers behind it. */
export interface Service {
  readonly kind: Kind;
  /** Name of the proxy. */
  readonly name: string;
  readonly mode: 'nat' | 'snat';
  readonly family: Family;
  readonly protocol: 'tcp' | 'udp';
  /** Of the listener and of the targets: no two services share one, so servers know for which they are asked. */
  readonly port: number;
  /** Its connections begin with a ClientHello for {@link HOST_NAME}, which decides where they go. */
  readonly isNamed: boolean;
  /** Its targets get a PROXY header with the client's address first. */
  readonly isHeaded: boolean;
}

/** The host name that clients of services with names ask for. */
export const HOST_NAME = 'soak.example';

const FIRST_PORT = 8000;
const NAMED: readonly Kind[] = ['named', 'tunnel', 'introduced'];
const HEADED: readonly Kind[] = ['headed', 'introduced', 'escorted'];
const MODES = ['nat', 'snat'] as const;
const FAMILIES: readonly Family[] = ['v4', 'v6'];

/** Every service, in both modes and both families. */
export function allServices(): readonly Service[] {
  const variants = KINDS.flatMap((kind) =>
    MODES.flatMap((mode) => FAMILIES.map((family) => ({ kind, mode, family }))),
  );
  return variants.map(({ kind, mode, family }, index) => ({
    kind,
    name: `${kind}-${mode}-${family}`,
    mode,
    family,
    protocol: kind === 'talk' ? 'udp' : 'tcp',
    port: FIRST_PORT + index,
    isNamed: NAMED.includes(kind),
    isHeaded: HEADED.includes(kind),
  }));
}

/** The services of these kinds. */
export function servicesOf(...kinds: readonly Kind[]): readonly Service[] {
  return allServices().filter(({ kind }) => kinds.includes(kind));
}
