import type { Family } from '../address.ts';
import { formatEndpoint } from '../endpoint.ts';
import type { TargetConfig } from '../model.ts';
import { checkWeights, weightWithout } from '../rules/weights.ts';
import type { TargetInput } from '../schema/target.ts';
import type { Path } from '../source/tree.ts';
import { readTarget, type TargetContext } from './target.ts';

/** The targets of one route, as far as they could be read. */
export interface Pool {
  readonly path: Path;
  readonly targets: readonly TargetConfig[];
  /** Whether every target could be read. */
  readonly complete: boolean;
  /** The family of its addresses; undefined when there is none but DNS names, or when they are mixed. */
  readonly family: Family | undefined;
}

/**
 * Reads one target or a list of them, and holds them against the rules of a pool.
 * @param valid the same as the schema takes it, where that is known
 */
export function readPool(
  raw: unknown,
  path: Path,
  context: TargetContext,
  valid?: TargetInput | readonly TargetInput[],
): Pool {
  const items: readonly unknown[] = Array.isArray(raw) ? raw : [raw];
  const pathOf = (index: number): Path => (Array.isArray(raw) ? [...path, index] : path);
  const inputs = valid === undefined ? [] : [valid].flat();
  checkWeights(items, path, context.report);
  const found = items.map((item, index) =>
    readTarget(item, pathOf(index), weightWithout(items.length), context, inputs[index]),
  );
  checkDuplicates(found, pathOf, context);
  const targets = found.filter((target) => target !== undefined);
  return {
    path,
    targets,
    complete: targets.length === items.length,
    family: checkFamilies(found, pathOf, context),
  };
}

/** `10.0.0.1:8080`, `name.example:80`: what tells one target of a pool from another. */
export function targetName(target: TargetConfig): string {
  return formatEndpoint({ ip: target.ip ?? target.host ?? '', port: target.port });
}

type Found = readonly (TargetConfig | undefined)[];

function checkDuplicates(found: Found, pathOf: (index: number) => Path, { report }: TargetContext): void {
  const first = new Map<string, number>();
  for (const [index, target] of found.entries()) {
    if (target === undefined) continue;
    const name = targetName(target);
    const earlier = first.get(name);
    if (earlier === undefined) first.set(name, index);
    else
      report.problem(
        pathOf(index),
        `the target ${name} is in this pool already: ${report.whereIs(pathOf(earlier))}`,
      );
  }
}

/** Packets are not translated between IPv4 and IPv6, so a pool of both could not serve any one client. */
function checkFamilies(
  found: Found,
  pathOf: (index: number) => Path,
  { report }: TargetContext,
): Family | undefined {
  const families = found.map((target) => familyOf(target));
  const first = families.find((family) => family !== undefined);
  const other = families.findIndex((family) => family !== undefined && family !== first);
  if (other === -1) return first;
  report.problem(
    pathOf(other),
    `is an IPv${families[other]} target in a pool of IPv${first} targets, expected one family per pool`,
  );
  return undefined;
}

function familyOf(target: TargetConfig | undefined): Family | undefined {
  if (target?.ip === undefined) return undefined;
  return target.ip.includes(':') ? 6 : 4;
}
