import { isIP } from 'node:net';
import type { ExpectedOutcome } from '../engines/diff.ts';
import { fieldsOf } from '../engines/frame/index.ts';
import {
  type BucketRow,
  type Case,
  type HoldRow,
  type Input,
  NOTHING_COUNTED,
  type State,
  type TargetDelta,
} from '../engines/index.ts';
import { buildFrame, interfaceOf, setFields } from './build-packet.ts';
import { carryChecksums } from './carry-checksums.ts';
import type { LoadedFile } from './load.ts';
import { parseEndpoint } from './notation/endpoint.ts';
import { macsTowards } from './notation/hop.ts';
import { overlayPacket, type PacketSpec } from './notation/packet.ts';
import { stateOf } from './notation/state.ts';
import type { Change, Vector, VectorFile } from './vector.ts';

/** A vector at one hook, ready to run. */
export interface VectorCase {
  readonly file: string;
  /** `file:line` */
  readonly place: string;
  readonly case: Case;
  readonly input: Input;
  readonly expected: ExpectedOutcome;
  /** Tables whose flows must stay what they are, whatever they count. */
  readonly kept: readonly ('flows' | 'pending')[];
}

/** The cases of a file: one for each hook of each vector. @throws Error with the place of a vector that makes no sense */
export function casesOf(loaded: LoadedFile): readonly VectorCase[] {
  return loaded.content.vectors.flatMap((vector, index) => {
    const place = loaded.place(index);
    try {
      return casesOfVector(vector, loaded, place);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`${place}: '${vector.name}': ${why}`, { cause });
    }
  });
}

function casesOfVector(vector: Vector, { file, content }: LoadedFile, place: string): readonly VectorCase[] {
  const hooks = typeof vector.hook === 'string' ? [vector.hook] : vector.hook;
  const packet = overlayPacket(content.packet ?? {}, vector.packet ?? {});
  const state = stateOf(content.state ?? {}, vector.state ?? {});
  const frame = buildFrame(packet);
  const options = optionsOf(content, vector);
  return hooks.map((hook): VectorCase => {
    const { gso, linear, vlanStripped, randoms } = vector;
    const input: Input = {
      hook,
      ifindex: interfaceOf(packet).ifindex,
      frame,
      ...(gso === undefined ? {} : { gso }),
      ...(linear === undefined ? {} : { linear }),
      ...(vlanStripped === undefined ? {} : { vlanStripped }),
      ...(randoms === undefined ? {} : { randoms }),
      ...(packet.checksum === 'partial' ? { partialChecksum: true } : {}),
    };
    const name = hooks.length === 1 ? vector.name : `${vector.name} (${hook})`;
    return {
      file,
      place,
      case: { name, options, state, inputs: [input] },
      input,
      expected: expectedOf(vector, frame, packet, state),
      kept: (['flows', 'pending'] as const).filter((table) => vector.after?.[table] === undefined),
    };
  });
}

function optionsOf(content: VectorFile, vector: Vector): Case['options'] {
  const { snatPorts = [1024, 1], confirmNewFlows = 'never' } = { ...content.options, ...vector.options };
  return { snatPortMin: snatPorts[0], snatPortCount: snatPorts[1], confirmNewFlows };
}

function expectedOf(vector: Vector, frame: Buffer, packet: PacketSpec, state: State): ExpectedOutcome {
  const { verdict, redirect } = vector.verdict;
  const { flows, pending, fragments = state.fragments, held, buckets, targetBuckets } = vector.after ?? {};
  // A dropped packet is nobody's: the program may have begun to rewrite it.
  const isGone = verdict === 'drop';
  return {
    verdict,
    ...(redirect ? { redirect } : {}),
    ...(isGone
      ? {}
      : { frame: vector.out ? changedFrame(frame, vector.out, packet.checksum === 'partial') : frame }),
    reasons: { [vector.reason]: 1 },
    targets: Object.fromEntries(
      Object.entries(vector.targets).map(([id, counts]) => [id, targetDelta(counts)]),
    ),
    failures: Object.values(vector.targets).reduce((sum, { refused }) => sum + refused, 0),
    fragments,
    copies: vector.copies.map((copy) => ({ ifindex: interfaceOf(copy).ifindex, frame: buildFrame(copy) })),
    held: held?.holds ?? holdsOf(state),
    sourceBuckets: buckets ?? state.sourceBuckets ?? [],
    targetBuckets: targetBuckets ?? targetBucketsOf(state),
    refused: vector.refused,
    events: vector.events,
    ...(flows ? { flows } : {}),
    ...(pending ? { pending } : {}),
  };
}

/** What is held in a state, as an outcome tells it. */
function holdsOf({ held = [], slots = {} }: State): readonly HoldRow[] {
  return held.map(({ client, slot: index, turn }): HoldRow => {
    const slot = slots[index];
    const about = { client, slot: index };
    return slot?.turn === turn && slot.state !== 'free' && slot.stream
      ? { ...about, state: slot.state, stream: slot.stream }
      : { ...about, state: 'lost' };
  });
}

/** Buckets of targets that owe something: what is to be there when a vector does not say. */
function targetBucketsOf({ targets }: State): Readonly<Record<number, BucketRow>> {
  return Object.fromEntries(targets.flatMap(({ bucket }, id) => (bucket ? [[id, bucket]] : [])));
}

function targetDelta({ forward, reply, ...attempts }: Vector['targets'][string]): TargetDelta {
  return {
    ...NOTHING_COUNTED,
    ...attempts,
    forwardPackets: forward[0],
    forwardBytes: forward[1],
    replyPackets: reply[0],
    replyBytes: reply[1],
  };
}

function changedFrame(frame: Buffer, change: Change, partial: boolean): Buffer {
  if (change.packet) return buildFrame(change.packet);
  const after = Buffer.from(frame);
  const set = change.set ?? {};
  setFields(after, {
    ...macsOf(change),
    ...sideOf('source', change.from, frame),
    ...sideOf('destination', change.to, frame),
  });
  if (change.ttl !== undefined) setFields(after, { 'ip.ttl': change.ttl });
  setFields(after, set);
  carryChecksums(frame, after, { partial, except: new Set(Object.keys(set)) });
  return after;
}

function macsOf({ via }: Change): Readonly<Record<string, string>> {
  if (via === undefined) return {};
  const { destination, source } = macsTowards(via);
  return { 'eth.destination': destination, 'eth.source': source };
}

/** A packet's new source or destination as values of fields. */
function sideOf(side: 'source' | 'destination', text: string | undefined, frame: Buffer) {
  if (text === undefined) return {};
  if (isIP(text) !== 0) return { [`ip.${side}`]: text };
  const { address, port } = parseEndpoint(text);
  const transport = fieldsOf(frame).some(({ name }) => name === 'tcp.flags') ? 'tcp' : 'udp';
  return { [`ip.${side}`]: address, [`${transport}.${side}Port`]: port };
}
