import { type HostInterface, type HostRoute, readInterfaces, routesTo } from '../host/index.ts';

/** What the control plane needs to know of the host to turn a configuration into a desired state. */
export interface HostView {
  readonly interfaces: readonly HostInterface[];
  /** Route to each target address; null when there is none. */
  readonly routes: ReadonlyMap<string, HostRoute | null>;
}

/** Reads the interfaces and the routes to `addresses`. @throws SluiceError of `ip`. */
export async function readHost(addresses: readonly string[]): Promise<HostView> {
  const wanted = [...new Set(addresses)];
  const interfaces = await readInterfaces();
  const routes = await routesTo(wanted.map((address) => ({ address })));
  return { interfaces, routes: new Map(wanted.map((address, index) => [address, routes[index] ?? null])) };
}
