import type { Algorithm } from '../model.ts';
import type { Report } from '../report/report.ts';
import { algorithm as algorithmSchema } from '../schema/algorithm.ts';
import type { Path } from '../source/tree.ts';
import type { RawMap } from './raw.ts';

const SCHEMA = algorithmSchema();

/**
 * Reads how a proxy or a route chooses targets. What it does not say it has from where it lies; `sessionPersistence: false`
 * takes back what it would have from there. What the schema refuses is reported elsewhere.
 * @param inherited what it has when it says nothing
 */
export function readAlgorithm(raw: RawMap, path: Path, inherited: Algorithm, report: Report): Algorithm {
  const { data: algorithm } = SCHEMA.safeParse(raw.algorithm);
  const { sessionPersistence: persistent } = raw;
  if (algorithm === undefined) {
    if (persistent === true) return 'source-hash';
    return persistent === false && inherited === 'source-hash' ? 'weighted-random' : inherited;
  }
  const contradicts = typeof persistent === 'boolean' && persistent !== (algorithm === 'source-hash');
  if (contradicts) {
    const means = persistent ? 'means `algorithm` "source-hash"' : 'excludes `algorithm` "source-hash"';
    report.problem(
      [...path, 'sessionPersistence'],
      `${means}, but ${report.whereIs([...path, 'algorithm'])} says "${algorithm}"; leave one of the two out`,
    );
  }
  return algorithm;
}
