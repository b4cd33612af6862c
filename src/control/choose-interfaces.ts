import type { AttachMode, Config, ProxyConfig, Settings } from '../config/index.ts';
import type { HookMode } from '../datapath/index.ts';
import { SluiceError } from '../errors/index.ts';
import type { HostInterface } from '../host/index.ts';
import type { DesiredInterface, MissingInterface } from './desired.ts';
import type { HostView } from './host-view.ts';
import { targetAddresses } from './target-addresses.ts';

/** Interfaces that are to carry the programs, and ones that would if they were there. */
export interface ChosenInterfaces {
  readonly interfaces: readonly DesiredInterface[];
  readonly missing: readonly MissingInterface[];
}

/**
 * The interfaces that get the programs: those of the listeners, and those that lead to targets, so that replies take
 * the fast path too.
 * @throws SluiceError `unsupported` when a listening interface carries no Ethernet frames
 */
export function chooseInterfaces(config: Config, host: HostView, warnings: string[]): ChosenInterfaces {
  const listen = new Set(config.proxies.flatMap((proxy) => listenInterfaces(proxy, host)));
  const reply = replyInterfaces(config, host);
  const interfaces: DesiredInterface[] = [];
  const missing: MissingInterface[] = [];
  for (const name of new Set([...listen, ...reply])) {
    const found = host.interfaces.find((entry) => entry.name === name);
    const role = listen.has(name) ? (reply.has(name) ? 'both' : 'listen') : 'reply';
    if (found === undefined) {
      missing.push({ name, role });
      warnings.push(`interface ${name} is missing: it will be attached when it is there`);
    } else if (!carriesEthernet(found)) {
      if (listen.has(name)) throw noEthernet(name);
      warnings.push(
        `interface ${name} carries no Ethernet frames: replies from it take the kernel's own path`,
      );
    } else {
      interfaces.push({
        name,
        ifindex: found.index,
        mac: found.mac,
        role,
        ...chooseMode(found, config.settings),
      });
    }
  }
  return { interfaces, missing };
}

/** The interfaces that a proxy names, or else those that have the addresses it names. */
export function listenInterfaces(proxy: ProxyConfig, host: HostView): string[] {
  const { interfaces, addresses } = proxy.listen;
  if (interfaces.length > 0) return [...interfaces];
  const owns = (entry: HostInterface) => entry.addresses.some(({ address }) => addresses.includes(address));
  return host.interfaces.filter(owns).map(({ name }) => name);
}

/** Replies of snat targets are addressed to this host: without the programs its own stack would refuse them. */
function replyInterfaces(config: Config, host: HostView): ReadonlySet<string> {
  const setting = config.settings.replyInterfaces;
  if (setting === 'auto') return devicesTo(config.proxies, host);
  const named = setting === 'none' ? [] : setting;
  const snat = config.proxies.filter(({ mode }) => mode === 'snat');
  return new Set([...named, ...devicesTo(snat, host)]);
}

/** The interfaces that lead to the targets of these proxies on other hosts. */
function devicesTo(proxies: readonly ProxyConfig[], host: HostView): ReadonlySet<string> {
  const routes = targetAddresses(proxies).map((address) => host.routes.get(address) ?? null);
  const devices = routes.flatMap((route) =>
    route !== null && 'dev' in route && route.type === 'unicast' ? [route.dev] : [],
  );
  return new Set(devices);
}

/** Tunnels such as tun and WireGuard start with the IP header. */
function carriesEthernet(entry: HostInterface): boolean {
  return entry.mac !== null;
}

function chooseMode(
  entry: HostInterface,
  settings: Settings,
): { readonly mode: HookMode; readonly mayFallBack: boolean } {
  const asked = askedMode(entry.name, settings.attach);
  if (asked !== 'auto') return { mode: asked, mayFallBack: false };
  // Hardware and virtio have no kind. On the others XDP is the wrong tool: it breaks offloads, or is emulated.
  return { mode: entry.kind === null ? 'native' : 'tc', mayFallBack: true };
}

function askedMode(name: string, attach: Settings['attach']): AttachMode {
  return typeof attach === 'string' ? attach : (attach[name] ?? 'auto');
}

function noEthernet(name: string): SluiceError {
  return new SluiceError('unsupported', `interface ${name} carries no Ethernet frames`, {
    fix: 'listen on an Ethernet interface; tunnels such as tun and WireGuard are not supported',
  });
}
