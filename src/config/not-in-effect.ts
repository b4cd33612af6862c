import { isRecord } from './parts/raw.ts';
import type { Report } from './report/report.ts';
import type { Path } from './source/tree.ts';

/** A setting that is accepted and does nothing in this version. */
interface NotInEffect {
  /** `settings`: a key of that map itself. `proxies`: a key at any depth of a proxy. */
  readonly section: 'proxies' | 'settings';
  readonly key: string;
  /** What happens instead, a clause. */
  readonly instead: string;
}

const UNREAD = 'its value is not looked at';

/** What is accepted and not in effect. Delete the row of a setting when it takes effect. */
const NOT_IN_EFFECT: readonly NotInEffect[] = [{ section: 'settings', key: 'maxSniRoutes', instead: UNREAD }];

/** Where a key occurs: the first place and how many there are. */
interface Occurrences {
  readonly first: Path;
  count: number;
}

/** Warns once of each setting of a whole configuration that is not in effect, where it is first. */
export function warnNotInEffect(config: unknown, report: Report): void {
  if (!isRecord(config)) return;
  warnNotInEffectIn(config.proxies, ['proxies'], report);
  const settings = new Map<string, Occurrences>();
  for (const [key, value] of Object.entries(isRecord(config.settings) ? config.settings : {})) {
    if (!asksForNothing(value)) settings.set(key, { first: ['settings', key], count: 1 });
  }
  warn('settings', settings, report);
}

/** The same for proxies or a part of one; `path` leads there. */
export function warnNotInEffectIn(part: unknown, path: Path, report: Report): void {
  const keys = new Set(NOT_IN_EFFECT.filter(({ section }) => section === 'proxies').map(({ key }) => key));
  if (keys.size === 0) return;
  warn('proxies', occurrencesOf(keys, part, path), report);
}

function warn(section: string, found: ReadonlyMap<string, Occurrences>, report: Report): void {
  for (const row of NOT_IN_EFFECT) {
    const places = row.section === section ? found.get(row.key) : undefined;
    if (places === undefined) continue;
    const more = places.count === 1 ? '' : ` (and ${places.count - 1} more)`;
    report.warning(places.first, `is accepted but not in effect in this version: ${row.instead}${more}`);
  }
}

/** Walks all maps and lists of a value once. */
function occurrencesOf(
  keys: ReadonlySet<string>,
  root: unknown,
  path: Path,
): ReadonlyMap<string, Occurrences> {
  const found = new Map<string, Occurrences>();
  const steps = [...path];
  walk(root);
  return found;

  function walk(value: unknown): void {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, child] of Object.entries(value)) {
      steps.push(Array.isArray(value) ? Number(key) : key);
      if (keys.has(key) && !asksForNothing(child)) count(key);
      walk(child);
      steps.pop();
    }
  }

  function count(key: string): void {
    const earlier = found.get(key);
    if (earlier === undefined) found.set(key, { first: [...steps], count: 1 });
    else earlier.count += 1;
  }
}

/** False, an empty list, or a map that says `enabled: false`: as good as left out. */
function asksForNothing(value: unknown): boolean {
  if (isRecord(value)) return value.enabled === false;
  return value === false || value === null || (Array.isArray(value) && value.length === 0);
}
