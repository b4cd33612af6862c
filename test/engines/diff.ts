import { createHash } from 'node:crypto';
import { type Field, fieldsOf, fieldText } from './frame/index.ts';
import type { Traffic, Tuple } from './model/basics.ts';
import type { HoldRow } from './model/held.ts';
import type { SourceBucketRow } from './model/limits.ts';
import type { EventRow } from './model/told.ts';
import type { FlowRow, FragmentRow, HopRow, Outcome, TargetDelta } from './model.ts';
import { WORLD } from './world.ts';

/** A field in which two outcomes differ; null: it is not there at all. */
export interface Difference {
  /** `verdict`, `ip.ttl`, `reasons.forwarded_reply`, `flows[tcp 192.0.2.7:4000 > 10.1.0.1:80].state`... */
  readonly field: string;
  readonly expected: string | null;
  readonly got: string | null;
}

/** What an outcome is expected to be. A frame or table that is left out is not compared, nor a redirect nobody tells. */
export type ExpectedOutcome = Pick<Outcome, 'verdict' | 'redirect' | 'reasons' | 'targets' | 'failures'> &
  Partial<
    Pick<
      Outcome,
      | 'frame'
      | 'copies'
      | 'flows'
      | 'pending'
      | 'fragments'
      | 'held'
      | 'sourceBuckets'
      | 'targetBuckets'
      | 'refused'
      | 'events'
    >
  >;

type Values = ReadonlyMap<string, string>;

/** Every field in which an outcome is not as expected; empty when it is. */
export function diffOutcomes(expected: ExpectedOutcome, got: Outcome): readonly Difference[] {
  const redirects = expected.redirect && got.redirect;
  return [
    ...diffValues(one('verdict', expected.verdict), one('verdict', got.verdict)),
    ...(redirects ? diffValues(redirectValues(expected.redirect), redirectValues(got.redirect)) : []),
    ...copyDifferences(expected, got),
    ...(expected.frame ? diffFrames(expected.frame, got.frame) : []),
    ...diffValues(counts('reasons', expected.reasons), counts('reasons', got.reasons)),
    ...diffValues(targetValues(expected.targets), targetValues(got.targets)),
    ...diffValues(one('failures', expected.failures), one('failures', got.failures)),
    ...(expected.flows
      ? diffValues(flowValues('flows', expected.flows), flowValues('flows', got.flows))
      : []),
    ...(expected.pending
      ? diffValues(flowValues('pending', expected.pending), flowValues('pending', got.pending))
      : []),
    ...(expected.fragments
      ? diffValues(fragmentValues(expected.fragments), fragmentValues(got.fragments))
      : []),
    ...(expected.held ? diffValues(holdValues(expected.held), holdValues(got.held)) : []),
    ...(expected.sourceBuckets
      ? diffValues(bucketValues(expected.sourceBuckets), bucketValues(got.sourceBuckets))
      : []),
    ...(expected.targetBuckets
      ? diffValues(
          recordValues('targetBuckets', expected.targetBuckets),
          recordValues('targetBuckets', got.targetBuckets),
        )
      : []),
    ...(expected.refused
      ? diffValues(recordValues('refused', expected.refused), recordValues('refused', got.refused))
      : []),
    ...(expected.events ? diffValues(eventValues(expected.events), eventValues(got.events)) : []),
  ];
}

/** Copies are told by who tells redirects. */
function copyDifferences({ copies }: ExpectedOutcome, got: Outcome): readonly Difference[] {
  if (!copies || (got.verdict === 'redirect' && !got.redirect)) return [];
  const found = got.copies ?? [];
  return [
    ...diffValues(one('copies', copies.length), one('copies', found.length)),
    ...copies.flatMap((copy, index) => {
      const other = found[index];
      if (!other) return [];
      const differences = [
        ...diffValues(one('to', copy.ifindex), one('to', other.ifindex)),
        ...diffFrames(copy.frame, other.frame),
      ];
      return differences.map((each) => ({ ...each, field: `copies[${index}].${each.field}` }));
    }),
  ];
}

/** The fields in which two frames differ, by name. */
export function diffFrames(expected: Uint8Array, got: Uint8Array): readonly Difference[] {
  const length = one('frame.length', expected.length);
  const differences = diffValues(length, one('frame.length', got.length));
  return [...differences, ...diffValues(frameValues(expected), frameValues(got))];
}

/** One difference a line: `ip.ttl: expected 63, got 64`. */
export function formatDifferences(differences: readonly Difference[]): string {
  return differences
    .map(({ field, expected, got }) => `${field}: expected ${expected ?? 'none'}, got ${got ?? 'none'}`)
    .join('\n');
}

function diffValues(expected: Values, got: Values): readonly Difference[] {
  const fields = [...new Set([...expected.keys(), ...got.keys()])];
  return fields
    .map((field) => ({ field, expected: expected.get(field) ?? null, got: got.get(field) ?? null }))
    .filter((difference) => difference.expected !== difference.got);
}

function frameValues(frame: Uint8Array): Values {
  const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength);
  return new Map(fieldsOf(bytes).map((field: Field) => [field.name, fieldText(bytes, field)]));
}

function redirectValues(redirect: Outcome['redirect']): Values {
  const name = WORLD.interfaces.find(({ ifindex }) => ifindex === redirect?.ifindex)?.name;
  return new Map([
    ['redirect.to', name ?? `interface ${redirect?.ifindex}`],
    ['redirect.resolve', String(redirect?.resolve)],
  ]);
}

function targetValues(targets: Readonly<Record<number, TargetDelta>>): Values {
  return merge(Object.entries(targets).map(([id, delta]) => counts(`targets[${id}]`, delta)));
}

function flowValues(table: string, rows: readonly FlowRow[]): Values {
  return merge(
    rows.map(({ protocol, in: key, out, hop, ...rest }) => {
      const row = `${table}[${protocol} ${tupleText(key)}]`;
      return merge([
        one(`${row}.out`, tupleText(out)),
        new Map(Object.entries(rest).map(([name, value]) => [`${row}.${name}`, fieldValue(value)])),
        one(`${row}.hop`, hopText(hop)),
      ]);
    }),
  );
}

function fragmentValues(rows: readonly FragmentRow[]): Values {
  return merge(
    rows.map(({ source, destination, id, protocol, ...rest }) => {
      const row = `fragments[${protocol} ${source} > ${destination} id ${id}]`;
      return new Map(Object.entries(rest).map(([name, value]) => [`${row}.${name}`, String(value)]));
    }),
  );
}

function holdValues(rows: readonly HoldRow[]): Values {
  return merge(
    rows.map(({ client, slot, state, stream }) => {
      const row = `held[${tupleText(client)}]`;
      const { bytes = '', pieces = [], ...rest } = stream ?? {};
      return merge([
        one(`${row}.slot`, slot),
        one(`${row}.state`, state),
        new Map(Object.entries(rest).map(([name, value]) => [`${row}.${name}`, String(value)])),
        one(`${row}.bytes`, bytesText(bytes)),
        one(`${row}.pieces`, pieces.map((piece) => `${piece.at}: ${bytesText(piece.bytes)}`).join(', ')),
      ]);
    }),
  );
}

function bytesText(hex: string): string {
  return `${hex.length / 2} bytes ${hex.slice(0, 40)} ${createHash('sha256').update(hex).digest('hex').slice(0, 8)}`;
}

function bucketValues(rows: readonly SourceBucketRow[]): Values {
  return merge(
    rows.map(({ proxy, source, owedEpochs, refused }) => {
      const row = `sourceBuckets[${source} of proxy ${proxy}]`;
      return merge([one(`${row}.owedEpochs`, owedEpochs), one(`${row}.refused`, refused)]);
    }),
  );
}

function eventValues(rows: readonly EventRow[]): Values {
  return merge(
    rows.map(({ protocol, client, reply, forward, backward, ...rest }, index) => {
      const row = `events[${index}]`;
      return merge([
        one(`${row}.client`, `${protocol} ${tupleText(client)}`),
        one(`${row}.reply`, tupleText(reply)),
        one(`${row}.forward`, trafficText(forward)),
        one(`${row}.backward`, trafficText(backward)),
        new Map(Object.entries(rest).map(([name, value]) => [`${row}.${name}`, String(value)])),
      ]);
    }),
  );
}

function trafficText({ packets, bytes }: Traffic): string {
  return `${packets} packets, ${bytes} bytes`;
}

function recordValues(name: string, records: Readonly<Record<number, object>>): Values {
  return merge(Object.entries(records).map(([id, record]) => counts(`${name}[${id}]`, record)));
}

/** What a flow was bound by, and where its header is, are several values in one field. */
function fieldValue(value: string | number | boolean | object): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function hopText(hop: HopRow): string {
  if (hop.kind === 'none') return hop.kind;
  const { kind, ifindex, destinationMac, sourceMac, mtu } = hop;
  return `${kind} interface ${ifindex}, ${sourceMac} > ${destinationMac}, mtu ${mtu}`;
}

function tupleText({ source, sourcePort, destination, destinationPort }: Tuple): string {
  return `${source}:${sourcePort} > ${destination}:${destinationPort}`;
}

function counts(prefix: string, record: object): Values {
  return new Map(
    Object.entries(record)
      .filter(([, count]) => count !== 0)
      .map(([name, count]) => [`${prefix}.${name}`, String(count)]),
  );
}

function one(field: string, value: string | number): Values {
  return new Map([[field, String(value)]]);
}

function merge(all: readonly Values[]): Values {
  return new Map(all.flatMap((values) => [...values]));
}
