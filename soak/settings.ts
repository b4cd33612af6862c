import type { StageName } from './plan.ts';
import { between, onceIn, percentages, type Random, someOf } from './random.ts';
import { allServices, type Family, HOST_NAME, type Service } from './services.ts';

/** A configuration file's content. */
export type ConfigFile = Readonly<Record<string, unknown>>;

/** What configurations need to know of a stage's lab. */
export interface Places {
  readonly stage: StageName;
  /** The balancer's listening address of each family. */
  readonly vip: Readonly<Record<Family, string>>;
  /** Addresses of the targets by name. */
  readonly targets: Readonly<Record<string, Readonly<Record<Family, string>>>>;
  /** The prefixes of the second client. */
  readonly secondClient: Readonly<Record<Family, string>>;
  readonly udpTimeoutSec: number;
  /** The file of the access log. */
  readonly accessLog: string;
}

/** One pool by the names of its targets; without weights the shares are equal. */
interface Pool {
  readonly targets: readonly string[];
  readonly weights?: readonly number[];
}

/** What may change from one configuration to the next. */
export interface Settings {
  readonly pools: Readonly<Record<string, Pool>>;
  /** Further routes, of clients and of names that do not exist. */
  readonly strangers: number;
  readonly hasGuests: boolean;
  /** Flow events and the access log are on. */
  readonly tellsFlows: boolean;
  readonly replyInterfaces: 'auto' | 'none' | readonly string[];
  readonly attach: 'tc' | 'native' | 'generic';
}

/** The first two targets are the pool that changes, where the last one is for others: the second client, or other names. */
const POOL_TARGETS = 2;
const MAX_STRANGERS = 40;
/** A minute fills several. */
const ACCESS_LOG_FILES = { format: 'json', maxSizeMb: 4, maxFiles: 2 } as const;

/** The settings with which a soak begins and ends: everything is there. */
export function fullSettings({ stage, targets }: Places): Settings {
  const names = Object.keys(targets);
  const pools = allServices().map(({ kind, name, isNamed }) => [
    name,
    { targets: kind === 'routed' || isNamed ? names.slice(0, POOL_TARGETS) : names },
  ]);
  return {
    pools: Object.fromEntries(pools),
    strangers: 0,
    hasGuests: true,
    tellsFlows: true,
    replyInterfaces: 'auto',
    attach: stage,
  };
}

/** Other settings, as chance has it. What is taken out is still running, so nobody may notice. */
export function randomSettings(places: Places, random: Random): Settings {
  const full = fullSettings(places);
  const pools = Object.entries(full.pools).map(([name, { targets }]): [string, Pool] => {
    const chosen = someOf(random, targets);
    const isWeighted = chosen.length <= 100 && random() < 0.7;
    return [
      name,
      { targets: chosen, ...(isWeighted ? { weights: percentages(random, chosen.length) } : {}) },
    ];
  });
  return {
    pools: Object.fromEntries(pools),
    strangers: between(random, 0, MAX_STRANGERS),
    hasGuests: random() < 0.5,
    tellsFlows: random() < 0.8,
    replyInterfaces: onceIn(random, 8) ? 'none' : onceIn(random, 4) ? ['back0'] : 'auto',
    attach:
      places.stage === 'native' && onceIn(random, 20)
        ? (someOf(random, ATTACHES)[0] ?? 'native')
        : full.attach,
  };
}

const ATTACHES = ['generic', 'tc'] as const;

/** Names of the targets that new connections may reach, by service. */
export function allowedTargets(settings: Settings): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(Object.entries(settings.pools).map(([name, pool]) => [name, pool.targets]));
}

/** The target of the second client at `routed` services, and of other names at those with names. @throws Error when the stage has no targets */
export function routedTarget(places: Places): string {
  const last = Object.keys(places.targets).at(-1);
  if (last === undefined) throw new Error('a stage has targets');
  return last;
}

/** The file that says so. */
export function configFile(places: Places, settings: Settings): ConfigFile {
  const services = allServices().filter(({ kind }) => kind !== 'guest' || settings.hasGuests);
  return {
    proxies: services.map((service) => proxyOf(service, places, settings)),
    settings: {
      attach: settings.attach,
      replyInterfaces: settings.replyInterfaces,
      synTimeoutSec: 5,
      closingTimeoutSec: 2,
      udpTimeoutSec: places.udpTimeoutSec,
      statsEnabled: settings.tellsFlows,
      accessLog: { enabled: settings.tellsFlows, path: places.accessLog, ...ACCESS_LOG_FILES },
    },
  };
}

function proxyOf(service: Service, places: Places, settings: Settings): ConfigFile {
  const { name, mode, family, protocol, port, kind, isNamed, isHeaded } = service;
  const target = (host: string) => ({ ip: places.targets[host]?.[family], port });
  const other = target(routedTarget(places));
  const { targets, weights } = settings.pools[name] ?? { targets: [] };
  const pool = targets.map((host, index) => {
    const weight = weights?.[index];
    return weight === undefined ? target(host) : { ...target(host), weight };
  });
  return {
    name,
    mode,
    ...(isHeaded ? { proxyProtocol: 'v2' } : {}),
    listen: { interfaces: ['front0'], address: places.vip[family], port, protocol },
    defaultTarget: isNamed ? other : pool,
    ...(kind === 'routed' ? { sourceRoutes: sourceRoutes(places, settings, family, other) } : {}),
    ...(isNamed ? { sniRoutes: sniRoutes(settings, pool, other) } : {}),
  };
}

/** The second client's route, and those of strangers. */
function sourceRoutes(places: Places, { strangers }: Settings, family: Family, target: object) {
  const prefixes = Array.from({ length: strangers }, (_, index) => strangersPrefix(family, index));
  return [places.secondClient[family], ...prefixes].map((source) => ({ source, target }));
}

/** The route of the name that clients ask for, and those of names that nobody does. */
function sniRoutes({ strangers }: Settings, targets: readonly object[], target: object) {
  const others = Array.from({ length: strangers }, (_, index) => `stranger${index}.example`);
  return [{ sniHostname: HOST_NAME, targets }, ...others.map((sniHostname) => ({ sniHostname, target }))];
}

function strangersPrefix(family: Family, index: number): string {
  return family === 'v4' ? `172.20.${index}.0/24` : `fd77:${index.toString(16)}::/32`;
}
