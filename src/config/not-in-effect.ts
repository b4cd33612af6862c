import { isRecord } from './parts/raw.ts';
import type { Report } from './report/report.ts';
import type { Path } from './source/tree.ts';

/** A setting that is accepted and does nothing in this version. */
interface NotInEffect {
  /** Keys from the root; `**` stands for any number of keys and indices. */
  readonly at: readonly string[];
  /** What happens instead, a clause. */
  readonly instead: string;
}

const CHECKS_OFF = 'targets are not checked';
const UNREAD = 'its value is not looked at';

/** What is accepted and not in effect. Delete the row of a setting when it takes effect. */
const NOT_IN_EFFECT: readonly NotInEffect[] = [
  {
    at: ['proxies', '**', 'sniRoutes'],
    instead: 'TLS clients go where source routes and the default target say',
  },
  { at: ['proxies', '**', 'host'], instead: 'names are not resolved and the target gets no connections' },
  { at: ['proxies', '**', 'healthCheck'], instead: CHECKS_OFF },
  { at: ['settings', 'healthCheckEnabled'], instead: CHECKS_OFF },
  { at: ['settings', 'healthCheckDefaults'], instead: CHECKS_OFF },
  { at: ['settings', 'defaultDrainTimeoutMs'], instead: 'targets are not drained' },
  { at: ['settings', 'drainCheckIntervalMs'], instead: 'targets are not drained' },
  { at: ['settings', 'metrics'], instead: 'no metrics are served' },
  { at: ['proxies', '**', 'sessionPersistence'], instead: UNREAD },
  { at: ['proxies', '**', 'proxyProtocol'], instead: UNREAD },
  { at: ['settings', 'rateLimits'], instead: UNREAD },
  { at: ['settings', 'loadBalancing'], instead: UNREAD },
  { at: ['settings', 'circuitBreaker'], instead: UNREAD },
  { at: ['settings', 'accessLog'], instead: UNREAD },
  { at: ['settings', 'adminApi'], instead: UNREAD },
  { at: ['settings', 'maxSniRoutes'], instead: UNREAD },
];

/** Warns once of each setting of `raw` that is not in effect, where it is first. `path` leads to `raw`. */
export function warnNotInEffect(raw: unknown, path: Path, report: Report): void {
  for (const { at, instead } of NOT_IN_EFFECT) {
    const rest = below(at, path);
    const places = rest === undefined ? [] : find(raw, path, rest);
    const [first] = places;
    if (first === undefined) continue;
    const more = places.length === 1 ? '' : ` (and ${places.length - 1} more)`;
    report.warning(first, `is accepted but not in effect in this version: ${instead}${more}`);
  }
}

/** What of a pattern is left below `path`. */
function below(pattern: readonly string[], path: Path): readonly string[] | undefined {
  if (path.length === 0) return pattern;
  return pattern[0] === path[0] ? pattern.slice(1) : undefined;
}

/** The places below `path` that a pattern matches and that ask for something. */
function find(value: unknown, path: Path, pattern: readonly string[]): readonly Path[] {
  const [key, ...rest] = pattern;
  if (key === undefined) return asksForNothing(value) ? [] : [path];
  if (key === '**')
    return [
      ...find(value, path, rest),
      ...children(value).flatMap(([step, child]) => find(child, [...path, step], pattern)),
    ];
  return isRecord(value) && value[key] !== undefined ? find(value[key], [...path, key], rest) : [];
}

function children(value: unknown): readonly (readonly [string | number, unknown])[] {
  if (Array.isArray(value)) return value.map((item, index) => [index, item] as const);
  return isRecord(value) ? Object.entries(value) : [];
}

/** False, an empty list, or a map that says `enabled: false`: as good as left out. */
function asksForNothing(value: unknown): boolean {
  if (isRecord(value)) return value.enabled === false;
  return value === false || value === null || (Array.isArray(value) && value.length === 0);
}
