import { SluiceError } from '../../errors/index.ts';
import type { Config, ProxyConfig } from '../model.ts';
import { findProxy } from './proxies.ts';

/** Which interfaces, and of which proxy; of all without one. */
interface InterfaceWish {
  readonly interfaces: readonly string[];
  readonly proxy?: string;
}

/** Proxies that listen on more interfaces. @throws SluiceError `not_found`, `conflict` */
export function attachInterfaces(config: Config, { interfaces, proxy }: InterfaceWish): Config {
  const wanted = chosen(config, proxy, ({ listen }) => listen.interfaces.length > 0);
  if (wanted.size === 0) {
    throw new SluiceError('conflict', 'every proxy listens on addresses, none on interfaces', {
      fix: 'name the proxy that is to listen on them',
    });
  }
  return listenOn(config, wanted, (before) => [...new Set([...before, ...interfaces])]);
}

/** Proxies that listen on fewer interfaces. @throws SluiceError `not_found`, `conflict` */
export function detachInterfaces(config: Config, { interfaces, proxy }: InterfaceWish): Config {
  const names = new Set(interfaces);
  const uses = ({ listen }: ProxyConfig) => listen.interfaces.some((name) => names.has(name));
  const wanted = chosen(config, proxy, uses);
  const used = new Set([...wanted].flatMap(({ listen }) => listen.interfaces));
  const unknown = interfaces.filter((name) => !used.has(name));
  if (unknown.length > 0) {
    throw new SluiceError('not_found', `no proxy listens on ${unknown.join(', ')}`, {
      fix: `they listen on: ${[...new Set(config.proxies.flatMap(({ listen }) => listen.interfaces))].join(', ')}`,
    });
  }
  const deaf = [...wanted].filter(
    ({ listen }) => listen.addresses.length === 0 && listen.interfaces.every((name) => names.has(name)),
  );
  if (deaf.length > 0) {
    throw new SluiceError(
      'conflict',
      `nothing would be left that ${deaf.map(namesOf).join(', ')} listens on`,
      {
        fix: 'attach another interface first, or remove the proxy',
      },
    );
  }
  return listenOn(config, wanted, (before) => before.filter((name) => !names.has(name)));
}

function chosen(
  config: Config,
  name: string | undefined,
  isMeant: (proxy: ProxyConfig) => boolean,
): ReadonlySet<ProxyConfig> {
  return new Set(name === undefined ? config.proxies.filter(isMeant) : [findProxy(config, name)]);
}

function listenOn(
  config: Config,
  wanted: ReadonlySet<ProxyConfig>,
  change: (interfaces: readonly string[]) => readonly string[],
): Config {
  const proxies = config.proxies.map((proxy) =>
    wanted.has(proxy)
      ? { ...proxy, listen: { ...proxy.listen, interfaces: change(proxy.listen.interfaces) } }
      : proxy,
  );
  return { ...config, proxies };
}

function namesOf({ name }: ProxyConfig): string {
  return name;
}
