import { SluiceError } from '../errors/index.ts';

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
