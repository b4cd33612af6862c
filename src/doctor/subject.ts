import { type AttachMode, type Config, configuredTargets, type Settings } from '../config/index.ts';
import type { HostInterface } from '../host/index.ts';
import type { Subject, SubjectTarget } from './facts.ts';

/** What a configuration asks of this host. Targets named by DNS are left out: they are not known yet. */
export function subjectOf(config: Config): Subject {
  const names = new Set(config.proxies.flatMap((proxy) => proxy.listen.interfaces));
  return {
    interfaces: [...names].map((name) => ({ name, attach: attachOf(config.settings, name) })),
    targets: targetsOf(config),
  };
}

/** Without a configuration: every interface that could listen, and no target. */
export function subjectOfHost(interfaces: readonly HostInterface[]): Subject {
  const candidates = interfaces.filter((entry) => entry.up && entry.kind !== 'loopback');
  return { interfaces: candidates.map(({ name }) => ({ name, attach: 'auto' })), targets: [] };
}

function attachOf(settings: Settings, name: string): AttachMode {
  return typeof settings.attach === 'string' ? settings.attach : (settings.attach[name] ?? 'auto');
}

function targetsOf(config: Config): SubjectTarget[] {
  const found = new Map<string, SubjectTarget>();
  for (const proxy of config.proxies) {
    const { name, mode } = proxy;
    for (const { ip: address } of configuredTargets(proxy)) {
      if (address !== undefined) found.set(`${mode} ${address}`, { proxy: name, address, mode });
    }
  }
  return [...found.values()];
}

/** The attach mode that `auto` comes to: native on hardware, TC where XDP is the wrong tool. */
export function effectiveAttach(attach: AttachMode, device: HostInterface): Exclude<AttachMode, 'auto'> {
  if (attach !== 'auto') return attach;
  return device.kind === null ? 'native' : 'tc';
}
