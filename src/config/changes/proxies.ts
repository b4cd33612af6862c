import { jsonPointer, SluiceError } from '../../errors/index.ts';
import { proxyDocument } from '../document/document.ts';
import type { Config, ProxyConfig } from '../model.ts';
import { listenerConflicts } from '../rules/listeners.ts';
import { parseProxy } from '../unknown-input.ts';

/** One proxy of a configuration. @throws SluiceError `not_found` with the names there are */
export function findProxy({ proxies }: Config, name: string): ProxyConfig {
  const found = proxies.find((proxy) => proxy.name === name);
  if (found !== undefined) return found;
  throw new SluiceError('not_found', `there is no proxy ${JSON.stringify(name)}`, {
    fix: `this balancer has: ${proxies.map((proxy) => proxy.name).join(', ')}`,
  });
}

/** A configuration with a proxy in the place of the one that has its name, or with one more. */
export function putProxy(config: Config, proxy: ProxyConfig): Config {
  const index = config.proxies.findIndex(({ name }) => name === proxy.name);
  const proxies = index < 0 ? [...config.proxies, proxy] : config.proxies.with(index, proxy);
  return { ...config, proxies };
}

/** A configuration without a proxy. @throws SluiceError `not_found`, `conflict` for the last one */
export function removeProxy(config: Config, name: string): Config {
  const gone = findProxy(config, name);
  const proxies = config.proxies.filter((proxy) => proxy !== gone);
  if (proxies.length > 0) return { ...config, proxies };
  throw new SluiceError('conflict', `${name} is the last proxy`, {
    fix: 'add another one first; `sluice detach` ends balancing altogether',
  });
}

/** Holds a proxy that was changed against the rules of a file. @throws SluiceError `config_invalid` */
export function checkedProxy({ settings }: Config, proxy: ProxyConfig): ProxyConfig {
  try {
    return parseProxy(proxyDocument(proxy, settings), settings).value;
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    throw new SluiceError('config_invalid', `proxy ${proxy.name} would not be valid after this change`, {
      details: error.details.map(({ message }) => ({ where: `proxy ${proxy.name}`, message })),
      cause: error,
    });
  }
}

/** No two proxies listen on the same. @throws SluiceError `config_invalid` that points to `/listen` */
export function mustNotOverlap({ proxies }: Config): void {
  const conflicts = listenerConflicts(proxies.map(({ listen }) => listen));
  if (conflicts.length === 0) return;
  const name = (index: number) => proxies[index]?.name ?? '';
  throw new SluiceError('config_invalid', 'two proxies would listen on the same', {
    details: conflicts.map(({ first, second, shared }) => ({
      where: `proxy ${name(second)}, listen`,
      message: `${shared} is taken by "${name(first)}"`,
      pointer: jsonPointer(['listen']),
    })),
    fix: 'give one of them another port, protocol or address',
  });
}
