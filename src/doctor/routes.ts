import type { DeliveringRoute } from '../host/index.ts';
import type { Facts, Subject } from './facts.ts';

/** The route to a target if it leads somewhere. */
export function deliveringRoute({ routes }: Pick<Facts, 'routes'>, address: string): DeliveringRoute | null {
  const route = routes.get(address) ?? null;
  return route !== null && 'dev' in route ? route : null;
}

/** Names of the interfaces that packets take: those that listen, and those that lead to targets elsewhere. */
export function pathInterfaces(subject: Subject, routes: Facts['routes']): string[] {
  const names = new Set(subject.interfaces.map(({ name }) => name));
  for (const { address } of subject.targets) {
    const route = deliveringRoute({ routes }, address);
    if (route?.type === 'unicast') names.add(route.dev);
  }
  return [...names];
}
