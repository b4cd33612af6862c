import type { Report } from '../report/report.ts';
import type { Path } from '../source/tree.ts';

/** Something that must differ from its siblings in one value. */
export interface Named {
  readonly path: Path;
  /** Undefined when it could not be read. */
  readonly matches: string | undefined;
}

/** No two routes of a proxy match the same. `field` is the field that says what they match. */
export function checkRoutesDiffer(routes: readonly Named[], field: string, report: Report): void {
  checkDiffer(routes, field, report, (text, where) => `${text} has a route already: ${where}`);
}

/** No two proxies have the same name. */
export function checkNamesDiffer(proxies: readonly Named[], report: Report): void {
  checkDiffer(
    proxies,
    'name',
    report,
    (text, where) => `the name "${text}" is taken by ${where}; names are unique`,
  );
}

function checkDiffer(
  siblings: readonly Named[],
  field: string,
  report: Report,
  message: (text: string, where: string) => string,
): void {
  const first = new Map<string, Path>();
  for (const { path, matches } of siblings) {
    if (matches === undefined) continue;
    const earlier = first.get(matches);
    if (earlier === undefined) first.set(matches, [...path, field]);
    else report.problem([...path, field], message(matches, report.whereIs(earlier)));
  }
}
