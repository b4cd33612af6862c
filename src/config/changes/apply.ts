import { jsonPointer, SluiceError } from '../../errors/index.ts';
import type { Config, ProxyConfig } from '../model.ts';
import type { ConfigWarning } from '../report/report.ts';
import { type ParsedPart, parseProxy, parseRateLimits } from '../unknown-input.ts';
import type { Change } from './change.ts';
import { attachInterfaces, detachInterfaces } from './interfaces.ts';
import { checkedProxy, findProxy, mustNotOverlap, putProxy, removeProxy } from './proxies.ts';
import { addRoute, removeRoute, SNI_ROUTES, SOURCE_ROUTES, setRoute } from './routes.ts';
import { addTarget, type ChangedProxy, removeTarget, setWeights } from './targets.ts';

/** A configuration after a change, and what is worth knowing about what was brought. */
export interface ChangedConfig {
  readonly config: Config;
  readonly warnings: readonly ConfigWarning[];
}

/**
 * The configuration after a change. What it brings is held against the rules of a file, and so is what comes out: it can be
 * written to a file and read again.
 * @throws SluiceError `config_invalid` with pointers into what was brought, `not_found`, `conflict`
 */
export function changeConfig(config: Config, change: Change): ChangedConfig {
  switch (change.kind) {
    case 'addProxy':
      return addProxy(config, change.proxy);
    case 'setProxy':
      return setProxy(config, change.name, change.proxy);
    case 'removeProxy':
      return quiet(removeProxy(config, change.name));
    case 'attachInterfaces':
      return quiet(checkedWhole(attachInterfaces(config, change), config));
    case 'detachInterfaces':
      return quiet(checkedWhole(detachInterfaces(config, change), config));
    default: {
      const { proxy, warnings } = changeProxy(config, findProxy(config, change.proxy), change);
      return { config: putProxy(config, checkedProxy(config, proxy)), warnings };
    }
  }
}

/** A change within one proxy. */
type InnerChange = Exclude<
  Change,
  { readonly kind: 'addProxy' | 'setProxy' | 'removeProxy' | 'attachInterfaces' | 'detachInterfaces' }
>;

function changeProxy({ settings }: Config, proxy: ProxyConfig, change: InnerChange): ChangedProxy {
  switch (change.kind) {
    case 'addTarget':
      return addTarget(proxy, change, change.target);
    case 'removeTarget':
      return { proxy: removeTarget(proxy, change, change.target), warnings: [] };
    case 'setWeights':
      return { proxy: setWeights(proxy, change, change.weights), warnings: [] };
    case 'setRateLimits': {
      const { value, warnings } = parseRateLimits(change.rateLimits, settings);
      return { proxy: { ...proxy, rateLimits: value }, warnings };
    }
    case 'clearRateLimits': {
      const { value, warnings } = parseRateLimits({}, settings);
      return { proxy: { ...proxy, rateLimits: value }, warnings };
    }
    case 'addSourceRoute':
      return addRoute(SOURCE_ROUTES, proxy, change.route);
    case 'setSourceRoute':
      return setRoute(SOURCE_ROUTES, proxy, change.source, change.route);
    case 'removeSourceRoute':
      return { proxy: removeRoute(SOURCE_ROUTES, proxy, change.source), warnings: [] };
    case 'addSniRoute':
      return addRoute(SNI_ROUTES, proxy, change.route);
    case 'setSniRoute':
      return setRoute(SNI_ROUTES, proxy, change.hostname, change.route);
    case 'removeSniRoute':
      return { proxy: removeRoute(SNI_ROUTES, proxy, change.hostname), warnings: [] };
  }
}

function addProxy(config: Config, input: unknown): ChangedConfig {
  const read = parseProxy(input, config.settings);
  const { name } = read.value;
  if (config.proxies.some((proxy) => proxy.name === name)) {
    throw new SluiceError('conflict', `the name ${JSON.stringify(name)} is taken; names are unique`, {
      details: [{ where: 'name', message: 'another proxy has it', pointer: jsonPointer(['name']) }],
      fix: 'choose another name, or replace that proxy',
    });
  }
  return joined(config, read);
}

function setProxy(config: Config, name: string, input: unknown): ChangedConfig {
  const read = parseProxy(input, config.settings);
  if (read.value.name !== name) {
    const found = JSON.stringify(read.value.name);
    throw new SluiceError('config_invalid', 'a proxy keeps its name', {
      details: [
        {
          where: 'name',
          message: `found ${found}, expected ${JSON.stringify(name)}`,
          pointer: jsonPointer(['name']),
        },
      ],
      fix: 'add a proxy with the new name, and remove the old one',
    });
  }
  return joined(config, read);
}

function joined(config: Config, { value, warnings }: ParsedPart<ProxyConfig>): ChangedConfig {
  const next = putProxy(config, value);
  mustNotOverlap(next);
  return { config: next, warnings };
}

/** Holds every proxy that is not as before against the rules, and the proxies against each other. */
function checkedWhole(next: Config, before: Config): Config {
  const known = new Set(before.proxies);
  const proxies = next.proxies.map((proxy) => (known.has(proxy) ? proxy : checkedProxy(next, proxy)));
  mustNotOverlap(next);
  return { ...next, proxies };
}

function quiet(config: Config): ChangedConfig {
  return { config, warnings: [] };
}
