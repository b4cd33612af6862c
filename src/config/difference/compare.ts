import { configHash } from '../hash.ts';
import type { Config, ProxyConfig, TargetConfig } from '../model.ts';
import { targetName } from '../parts/pool.ts';
import { configuredPools } from '../pools.ts';
import type { Difference } from './difference.ts';

type Place = Pick<Difference, 'proxy' | 'pool'>;

/**
 * What must be done to get from one configuration to the other, in the order of proxies and then settings. It is empty
 * exactly when both have the same hash.
 * @param hashOf tells the hash of a configuration, when that is known already
 */
export function configDifferences(
  from: Config,
  to: Config,
  hashOf: (config: Config) => string = configHash,
): readonly Difference[] {
  const found = [...proxyDifferences(from, to), ...settingDifferences(from.settings, to.settings, '')];
  if (found.length > 0 || hashOf(from) === hashOf(to)) return found;
  const nowhere = { proxy: null, pool: null, name: null, from: null, to: null };
  return [{ op: 'change', subject: 'order', ...nowhere }];
}

function proxyDifferences(from: Config, to: Config): Difference[] {
  const before = new Map(from.proxies.map((proxy) => [proxy.name, proxy]));
  const after = new Map(to.proxies.map((proxy) => [proxy.name, proxy]));
  const gone = from.proxies.filter(({ name }) => !after.has(name));
  return [
    ...gone.map((proxy) => wholeProxy('remove', proxy)),
    ...to.proxies.flatMap((proxy) => {
      const old = before.get(proxy.name);
      return old === undefined ? [wholeProxy('add', proxy)] : withinProxy(old, proxy);
    }),
  ];
}

function wholeProxy(op: 'add' | 'remove', proxy: ProxyConfig): Difference {
  const { listen, defaultTargets } = proxy;
  const where = [...listen.interfaces, ...listen.addresses].join(', ');
  const text = `${where} port ${listen.port} to ${defaultTargets.map(targetName).join(', ')}`;
  return { op, subject: 'proxy', ...at(proxy.name, null), name: null, ...oneSide(op, text) };
}

function withinProxy(from: ProxyConfig, to: ProxyConfig): Difference[] {
  // Most are the same in most comparisons, and this tells it far sooner than a walk.
  if (from === to || JSON.stringify(from) === JSON.stringify(to)) return [];
  const { defaultTargets: _a, sourceRoutes: _b, sniRoutes: _c, ...before } = from;
  const { defaultTargets: _d, sourceRoutes: _e, sniRoutes: _f, ...after } = to;
  return [
    ...fieldDifferences(before, after, at(to.name, null), ''),
    ...poolDifferences(from, to),
    ...routeFields(from, to, 'sourceRoutes', (route) => String(route.source)),
    ...routeFields(from, to, 'sniRoutes', (route) => String(route.sniHostname)),
  ];
}

/** What routes have besides their targets, for routes that both have. */
function routeFields(
  from: ProxyConfig,
  to: ProxyConfig,
  list: 'sourceRoutes' | 'sniRoutes',
  matches: (route: Record<string, unknown>) => string,
): Difference[] {
  const before = new Map(from[list].map((route) => [matches({ ...route }), route]));
  return to[list].flatMap((route) => {
    const name = matches({ ...route });
    const old = before.get(name);
    if (old === undefined) return [];
    const { targets: _a, ...oldFields } = old;
    const { targets: _b, ...newFields } = route;
    return fieldDifferences(oldFields, newFields, at(to.name, name), '');
  });
}

function poolDifferences(from: ProxyConfig, to: ProxyConfig): Difference[] {
  const before = new Map(configuredPools(from).map((pool) => [pool.pool, pool]));
  const after = new Map(configuredPools(to).map((pool) => [pool.pool, pool]));
  const kind = (proxy: ProxyConfig, pool: string) =>
    proxy.sourceRoutes.some(({ source }) => source === pool) ? 'sourceRoute' : 'sniRoute';
  const whole = (op: 'add' | 'remove', proxy: ProxyConfig, pool: string, targets: readonly TargetConfig[]) =>
    ({
      op,
      subject: kind(proxy, pool),
      ...at(proxy.name, pool),
      name: null,
      ...oneSide(op, targets.map(targetName).join(', ')),
    }) satisfies Difference;
  const gone = [...before.values()].filter(({ pool }) => !after.has(pool));
  return [
    ...gone.map(({ pool, targets }) => whole('remove', from, pool, targets)),
    ...[...after.values()].flatMap(({ pool, targets }) => {
      const old = before.get(pool);
      if (old === undefined) return [whole('add', to, pool, targets)];
      return targetDifferences(old.targets, targets, at(to.name, pool));
    }),
  ];
}

function targetDifferences(
  from: readonly TargetConfig[],
  to: readonly TargetConfig[],
  place: Place,
): Difference[] {
  if (from === to) return [];
  const before = new Map(from.map((target) => [targetName(target), target]));
  const after = new Map(to.map((target) => [targetName(target), target]));
  const whole = (op: 'add' | 'remove', name: string, { weight }: TargetConfig): Difference => ({
    op,
    subject: 'target',
    ...place,
    name,
    ...oneSide(op, `weight ${weight}`),
  });
  const gone = [...before].filter(([name]) => !after.has(name));
  return [
    ...gone.map(([name, target]) => whole('remove', name, target)),
    ...[...after].flatMap(([name, target]) => {
      const old = before.get(name);
      return old === undefined ? [whole('add', name, target)] : withinTarget(old, target, name, place);
    }),
  ];
}

function withinTarget(from: TargetConfig, to: TargetConfig, name: string, place: Place): Difference[] {
  const { weight: oldWeight, ...before } = from;
  const { weight, ...after } = to;
  const isSame = hasSameFields(before, after) && hasSameFields(after, before);
  const fields = isSame ? [] : fieldDifferences(before, after, place, `target ${name}, `);
  if (oldWeight === weight) return fields;
  const values = { from: String(oldWeight), to: String(weight) };
  return [{ op: 'change', subject: 'weight', ...place, name, ...values }, ...fields];
}

/** Whether all fields of `from` are the same in `to`; false also says that a walk has to tell. */
function hasSameFields<T extends object>(from: T, to: T): boolean {
  for (const field in from) if (from[field] !== to[field]) return false;
  return true;
}

function fieldDifferences(from: object, to: object, place: Place, prefix: string): Difference[] {
  return mapDifferences(from, to, prefix).map((each) => ({ ...each, subject: 'field', ...place }));
}

function settingDifferences(from: object, to: object, prefix: string): Difference[] {
  return mapDifferences(from, to, prefix).map((each) => ({ ...each, subject: 'setting', ...at(null, null) }));
}

type Values = Pick<Difference, 'op' | 'name' | 'from' | 'to'>;

/** Field by field, also of maps within maps; lists are compared as a whole. */
function mapDifferences(from: object, to: object, prefix: string): Values[] {
  const before = new Map<string, unknown>(Object.entries(from));
  const after = new Map<string, unknown>(Object.entries(to));
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((key) =>
    valueDifferences(before.get(key), after.get(key), `${prefix}${key}`),
  );
}

function valueDifferences(from: unknown, to: unknown, name: string): Values[] {
  if (isMap(from) && isMap(to)) return mapDifferences(from, to, `${name}.`);
  const [before, after] = [text(from), text(to)];
  if (before === after) return [];
  const op = before === null ? 'add' : after === null ? 'remove' : 'change';
  return [{ op, name, from: before, to: after }];
}

function isMap(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function at(proxy: string | null, pool: string | null): Place {
  return { proxy, pool };
}

function oneSide(op: 'add' | 'remove', value: string): Pick<Difference, 'from' | 'to'> {
  return op === 'add' ? { from: null, to: value } : { from: value, to: null };
}
