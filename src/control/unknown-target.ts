import { SluiceError } from '../errors/index.ts';
import type { TargetName } from '../report/index.ts';
import type { DesiredProxy, DesiredState } from './desired.ts';
import { poolsOf, targetName } from './pool-weights.ts';

/** The error for a proxy that there is not; names those that there are. */
export function noSuchProxy(proxy: string, proxies: readonly { readonly name: string }[]): SluiceError {
  return new SluiceError('not_found', `there is no proxy ${JSON.stringify(proxy)}`, {
    fix: `this balancer has: ${proxies.map(({ name }) => name).join(', ')}`,
  });
}

/** The error for a target that a proxy has not; names those that it has. */
export function noSuchTarget(proxy: string, target: string, targets: Iterable<string>): SluiceError {
  return new SluiceError('not_found', `proxy ${proxy} has no target ${target}`, {
    fix: `it has: ${[...new Set(targets)].join(', ')}`,
  });
}

/** Refuses a target that is not in force. @throws SluiceError `not_found` */
export function mustHaveTarget({ proxies }: DesiredState, { proxy, target }: TargetName): void {
  const found = proxies.find(({ name }) => name === proxy);
  if (found === undefined) throw noSuchProxy(proxy, proxies);
  const names = targetNames(found);
  if (!names.has(target)) throw noSuchTarget(proxy, target, names);
}

/** The names of a proxy's targets, of all pools. */
export function targetNames(proxy: DesiredProxy): ReadonlySet<string> {
  return new Set(poolsOf(proxy).flatMap(({ targets }) => targets.map(targetName)));
}
