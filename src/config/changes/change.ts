/** One change of a running configuration. What it brings is in the words of a file, and checked as in one. */
export type Change =
  | { readonly kind: 'addProxy'; readonly proxy: unknown }
  /** Adds the proxy `name`, or puts it in the place of the one that has the name. */
  | { readonly kind: 'setProxy'; readonly name: string; readonly proxy: unknown }
  | { readonly kind: 'removeProxy'; readonly name: string }
  | (OfPool & { readonly kind: 'addTarget'; readonly target: unknown })
  | (OfPool & { readonly kind: 'removeTarget'; readonly target: string })
  | (OfPool & { readonly kind: 'setWeights'; readonly weights: NewWeights })
  /** Limits on new connections; what they leave out comes from the settings. */
  | { readonly kind: 'setRateLimits'; readonly proxy: string; readonly rateLimits: unknown }
  | { readonly kind: 'clearRateLimits'; readonly proxy: string }
  | { readonly kind: 'addSourceRoute'; readonly proxy: string; readonly route: unknown }
  /** Adds the route of `source`, or puts it in the place of the one there is. */
  | {
      readonly kind: 'setSourceRoute';
      readonly proxy: string;
      readonly source: string;
      readonly route: unknown;
    }
  | { readonly kind: 'removeSourceRoute'; readonly proxy: string; readonly source: string }
  | { readonly kind: 'addSniRoute'; readonly proxy: string; readonly route: unknown }
  /** Adds the route of `hostname`, or puts it in the place of the one there is. */
  | {
      readonly kind: 'setSniRoute';
      readonly proxy: string;
      readonly hostname: string;
      readonly route: unknown;
    }
  | { readonly kind: 'removeSniRoute'; readonly proxy: string; readonly hostname: string }
  /** Listens on more interfaces: in one proxy, or in all that name interfaces. */
  | { readonly kind: 'attachInterfaces'; readonly interfaces: readonly string[]; readonly proxy?: string }
  /** Listens on fewer interfaces: in one proxy, or in all that name them. */
  | { readonly kind: 'detachInterfaces'; readonly interfaces: readonly string[]; readonly proxy?: string };

/** Which pool of which proxy. */
export interface OfPool {
  readonly proxy: string;
  /** `default` (also when left out), the source of a source route, or the host name of an SNI route. */
  readonly pool?: string | undefined;
}

/** Weights by target, percent; targets that are not named share the rest as they did. `equal`: the same for all. */
export type NewWeights = Readonly<Record<string, number>> | 'equal';

/** What a change can be. */
export type ChangeKind = Change['kind'];
