import { jsonPointer, SluiceError } from '../../errors/index.ts';
import { sharesAreEqual } from '../document/document.ts';
import { RANGES } from '../limits.ts';
import type { ProxyConfig, TargetConfig } from '../model.ts';
import { isRecord } from '../parts/raw.ts';
import { type PartContext, parseTargets } from '../unknown-input.ts';
import type { NewWeights, OfPool } from './change.ts';
import { findPool, findTarget, withTargets } from './pools.ts';
import { equalWeights, rescale } from './rescale.ts';

const WHOLE = 100;
const { min, max } = RANGES.weight;

/** A proxy and the warnings about what came to it. */
export interface ChangedProxy {
  readonly proxy: ProxyConfig;
  readonly warnings: ReturnType<typeof parseTargets>['warnings'];
}

/** What a part that comes to a proxy inherits from it. */
export function contextOf({ healthCheck, rateLimits, algorithm, proxyProtocol }: ProxyConfig): PartContext {
  return { healthCheckDefaults: healthCheck, rateLimits, loadBalancing: { algorithm }, proxyProtocol };
}

/**
 * A proxy with one more target. A weight is its percentage, and the others share the rest as they did; without one it gets
 * an equal share.
 * @throws SluiceError `config_invalid`, `not_found`
 */
export function addTarget(proxy: ProxyConfig, of: OfPool, input: unknown): ChangedProxy {
  const pool = findPool(proxy, of.pool);
  const { proxyProtocol } = pool;
  const { value, warnings } = parseTargets(input, { ...contextOf(proxy), proxyProtocol });
  const [target] = value;
  if (target === undefined || value.length > 1) {
    throw new SluiceError('config_invalid', 'this is not one target', { fix: 'add targets one by one' });
  }
  const named = isRecord(input) && input.weight !== undefined;
  const weights = weightsWith(pool.targets, named ? target.weight : undefined);
  const targets = [...pool.targets, target];
  return { proxy: withTargets(proxy, pool, weigh(targets, weights)), warnings };
}

/** A proxy with one target less; the others share what it had. @throws SluiceError `not_found`, `conflict` */
export function removeTarget(proxy: ProxyConfig, of: OfPool, target: string): ProxyConfig {
  const pool = findPool(proxy, of.pool);
  const index = findTarget(of, pool, target);
  const rest = pool.targets.toSpliced(index, 1);
  if (rest.length === 0) {
    throw new SluiceError('conflict', `${target} is the last target of pool ${pool.pool} of ${proxy.name}`, {
      fix: 'add another target first, or remove the route or the proxy',
    });
  }
  return withTargets(proxy, pool, weigh(rest, shared(pool.targets, rest)));
}

/** A proxy with other weights in a pool. @throws SluiceError `not_found`, `config_invalid` */
export function setWeights(proxy: ProxyConfig, of: OfPool, wanted: NewWeights): ProxyConfig {
  const pool = findPool(proxy, of.pool);
  if (wanted === 'equal') {
    return withTargets(proxy, pool, weigh(pool.targets, equalWeights(pool.targets.length)));
  }
  mustBeWeights(wanted);
  const named = new Map(Object.entries(wanted).map(([name, to]) => [findTarget(of, pool, name), to]));
  const sum = [...named.values()].reduce((all, weight) => all + weight, 0);
  const others = pool.targets.filter((_, index) => !named.has(index));
  const rest = rescale(
    others.map(({ weight }) => weight),
    WHOLE - sum,
  );
  if (rest === null || (others.length === 0 && sum !== WHOLE)) throw wrongSum(sum, others.length);
  const left = [...rest];
  const weights = pool.targets.map((_, index) => named.get(index) ?? left.shift() ?? 0);
  return withTargets(proxy, pool, weigh(pool.targets, weights));
}

/** The weights of a pool when another target joins; its own is the last. */
function weightsWith(targets: readonly TargetConfig[], weight: number | undefined): readonly number[] {
  if (weight === undefined && sharesAreEqual(targets)) return equalWeights(targets.length + 1);
  const own = weight ?? Math.max(1, Math.round(WHOLE / (targets.length + 1)));
  const others = rescale(
    targets.map((target) => target.weight),
    WHOLE - own,
  );
  if (others !== null) return [...others, own];
  throw new SluiceError('config_invalid', `a weight of ${own} leaves too little for the others`, {
    details: [
      {
        where: 'weight',
        message: `found ${own}, but each of the ${targets.length} other targets needs 1 percent at least`,
        pointer: jsonPointer(['weight']),
      },
    ],
    fix: 'name a smaller weight; a pool of more than 100 targets has equal shares and names none',
  });
}

function shared(before: readonly TargetConfig[], rest: readonly TargetConfig[]): readonly number[] {
  if (sharesAreEqual(before)) return equalWeights(rest.length);
  const weights = rest.map(({ weight }) => weight);
  return rescale(weights, WHOLE) ?? weights;
}

function weigh(targets: readonly TargetConfig[], weights: readonly number[]): readonly TargetConfig[] {
  return targets.map((target, index) => ({ ...target, weight: weights[index] ?? target.weight }));
}

function mustBeWeights(wanted: Readonly<Record<string, number>>): void {
  const wrong = Object.entries(wanted).filter(
    ([, weight]) => !Number.isInteger(weight) || weight < min || weight > max,
  );
  if (wrong.length === 0) return;
  throw new SluiceError('config_invalid', 'these are not weights', {
    details: wrong.map(([name, weight]) => ({
      where: name,
      message: `found ${weight}, expected an integer from ${min} to ${max}`,
      pointer: jsonPointer(['weights', name]),
    })),
    fix: 'a target that is to get nothing is drained or removed',
  });
}

function wrongSum(sum: number, others: number): SluiceError {
  const message =
    others === 0
      ? `the weights sum to ${sum}, expected exactly ${WHOLE}`
      : `the weights sum to ${sum}, but each of the ${others} other targets needs 1 percent at least`;
  return new SluiceError('config_invalid', 'these weights do not fit the pool', {
    details: [{ where: 'weights', message, pointer: jsonPointer(['weights']) }],
    fix: 'weights are percentages; targets that are not named share the rest as they did',
  });
}
