import { type Config, interfacesOf, type LoadedConfig } from '../config/index.ts';
import { SluiceError } from '../errors/index.ts';
import { sharedListeners } from './build-desired.ts';
import { listenInterfaces } from './choose-interfaces.ts';
import type { HostView } from './host-view.ts';

/**
 * Checks what must hold when a user brings a configuration: this host has its interfaces and addresses. (What changes
 * later on the host is only warned of.)
 * @param config with addresses in place of names
 * @param interfaces where the configuration names interfaces
 * @throws SluiceError `not_found` with every missing interface or address and where it is named, `config_invalid`
 */
export function mustBeServable(config: Config, interfaces: LoadedConfig['interfaces'], host: HostView): void {
  mustHaveInterfaces(config, interfaces, host);
  mustOwnAddresses(config, host);
  mustNotShareListeners(config, host);
}

function mustHaveInterfaces(config: Config, uses: LoadedConfig['interfaces'], host: HostView): void {
  const known = host.interfaces.map(({ name }) => name);
  const missing = interfacesOf(config).filter((name) => !known.includes(name));
  if (missing.length === 0) return;
  throw new SluiceError('not_found', `no such interface: ${missing.join(', ')}`, {
    details: uses
      .filter(({ name }) => missing.includes(name))
      .map(({ name, where }) => ({ where, message: `this host has no interface ${name}` })),
    fix: `this host has: ${known.join(', ')}`,
  });
}

/** A proxy that names no interface must listen on addresses that some interface has. */
function mustOwnAddresses(config: Config, host: HostView): void {
  const lost = config.proxies.filter((proxy) => listenInterfaces(proxy, host).length === 0);
  if (lost.length === 0) return;
  throw new SluiceError('not_found', 'no interface has the address to listen on', {
    details: lost.map(({ name, listen }) => ({
      where: `proxy ${name}, listen.address`,
      message: `${listen.addresses.join(', ')} is on no interface of this host`,
    })),
    fix: 'add the address to an interface, or name the interface in listen.interfaces',
  });
}

/** One address, port and protocol belongs to one proxy, also where one names it and the other its interface. */
function mustNotShareListeners(config: Config, host: HostView): void {
  const conflicts = sharedListeners(config, host);
  if (conflicts.length === 0) return;
  throw new SluiceError('config_invalid', 'two proxies listen on the same address, port and protocol', {
    details: conflicts.map((conflict) => ({ where: 'proxies', message: conflict })),
    fix: 'give one of them another port, or name different addresses in listen.address',
  });
}
