/** Another balancer to compare with, configured for one listener. */
export interface RivalSpec {
  /** Where it listens: an address of the balancer host. */
  readonly listen: { readonly address: string; readonly port: number };
  readonly targets: readonly RivalTarget[];
  /** TLS connections that ask for these names (SNI) go to targets of their own; for {@link startHaproxy} and {@link startNginxStream}. */
  readonly names?: Readonly<Record<string, RivalTarget>>;
}

/** One target of a rival. */
export interface RivalTarget {
  readonly address: string;
  readonly port: number;
  /** Share of new connections relative to the others; default 1. */
  readonly weight?: number;
}

/** A rival that takes connections. */
export interface Rival extends AsyncDisposable {
  readonly name: string;
  close(): Promise<void>;
}

/** `address:port`, with brackets around IPv6. */
export function endpoint(target: { readonly address: string; readonly port: number }): string {
  return target.address.includes(':')
    ? `[${target.address}]:${target.port}`
    : `${target.address}:${target.port}`;
}
