/** A target of a proxy. */
export interface TargetName {
  readonly proxy: string;
  /** `ip:port`, or `[ip]:port` for IPv6. */
  readonly target: string;
}

/** What tells one target from another, as a key of a map. A name of a proxy may hold spaces; no endpoint does. */
export function targetNameKey({ proxy, target }: TargetName): string {
  return `${target} ${proxy}`;
}
