/** Whether two outcomes are the same, quickly; and in what they differ, in words. */
import { type Difference, diffOutcomes, formatDifferences } from '../../engines/diff.ts';
import type { Outcome } from '../../engines/index.ts';

/** What an engine may be unable to tell. */
export interface Told {
  readonly redirect: boolean;
}

/**
 * In what `got` is not as expected; undefined when it is. What a program leaves of a packet that it drops nobody sees, so
 * frames are compared only of packets that live on.
 */
export function difference(expected: Outcome, got: Outcome, told: Told): string | undefined {
  if (isSame(expected, got, told)) return undefined;
  const comparable = expected.verdict === 'drop' ? { ...expected, frame: got.frame } : expected;
  const redirect = told.redirect
    ? [...redirectDifference(expected, got), ...copiesDifference(expected, got)]
    : [];
  const words = formatDifferences(
    shortened([
      ...diffOutcomes(comparable, got),
      ...redirect,
      ...lossesDifference(expected, got),
      ...brokenSum(got),
    ]),
  );
  return words || `frame: expected ${hex(expected.frame)}, got ${hex(got.frame)}`;
}

/** What a NIC has summed must stay what a packet sums up to, whatever is done to it. */
function brokenSum({ hardwareChecksum }: Outcome): readonly Difference[] {
  const isBroken = hardwareChecksum === 'broken';
  return isBroken ? [{ field: 'hardwareChecksum', expected: 'kept', got: hardwareChecksum }] : [];
}

/** Of a row that only one side has, one line instead of one for each field. */
function shortened(differences: readonly Difference[]): readonly Difference[] {
  return differences.filter(({ field, expected, got }) => {
    const isRow = /^(flows|pending|fragments|held)\[/.test(field);
    return !isRow || (expected !== null && got !== null) || /\.(out|sourcePort|slot)$/.test(field);
  });
}

function isSame(expected: Outcome, got: Outcome, told: Told): boolean {
  return (
    expected.verdict === got.verdict &&
    got.hardwareChecksum !== 'broken' &&
    (expected.verdict === 'drop' || Buffer.compare(expected.frame, got.frame) === 0) &&
    (!told.redirect || redirectText(expected) === redirectText(got)) &&
    (!told.redirect || copiesText(expected) === copiesText(got)) &&
    sameValues(expected.reasons, got.reasons) &&
    sameValues(expected.targets, got.targets) &&
    sameRows(expected.flows, got.flows) &&
    sameRows(expected.pending, got.pending) &&
    sameRows(expected.fragments, got.fragments) &&
    sameRows(expected.held, got.held) &&
    sameRows(expected.sourceBuckets, got.sourceBuckets) &&
    sameValues(expected.targetBuckets, got.targetBuckets) &&
    sameValues(expected.refused, got.refused) &&
    sameValues(expected.losses, got.losses) &&
    sameValues({ ...expected.events }, { ...got.events })
  );
}

function redirectText({ redirect }: Outcome): string {
  return redirect ? `${redirect.ifindex} ${redirect.resolve}` : 'none';
}

function copiesText({ copies = [] }: Outcome): string {
  return copies.map(({ ifindex, frame }) => `${ifindex} ${hex(frame)}`).join('\n');
}

function copiesDifference(expected: Outcome, got: Outcome): readonly Difference[] {
  const [wanted, found] = [copiesText(expected), copiesText(got)];
  return wanted === found ? [] : [{ field: 'copies', expected: wanted, got: found }];
}

function redirectDifference(expected: Outcome, got: Outcome): readonly Difference[] {
  const [wanted, found] = [redirectText(expected), redirectText(got)];
  return wanted === found ? [] : [{ field: 'redirect', expected: wanted, got: found }];
}

function lossesDifference(expected: Outcome, got: Outcome): readonly Difference[] {
  const [wanted, found] = [JSON.stringify(expected.losses), JSON.stringify(got.losses)];
  return wanted === found ? [] : [{ field: 'losses', expected: wanted, got: found }];
}

function sameRows(expected: readonly object[], got: readonly object[]): boolean {
  if (expected.length !== got.length) return false;
  return expected.every((row) => got.some((other) => sameValues(row, other)));
}

/** Whether two pieces of plain data are the same; the order of fields has no meaning. */
function sameValues(a: unknown, b: unknown): boolean {
  if (!isRecord(a) || !isRecord(b)) return a === b;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => sameValues(a[name], b[name]));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function hex(frame: Uint8Array): string {
  return Buffer.from(frame).toString('hex');
}
