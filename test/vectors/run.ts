import { ETHER_TYPE } from '../../lab/packet/index.ts';
import { formatDifferences } from '../engines/diff.ts';
import type { Capabilities, Engine, Input } from '../engines/index.ts';
import type { VectorCase } from './cases.ts';
import { judge } from './judge.ts';

const ETHERNET_BYTES = 14;

/** What came of a vector at one hook on one engine. */
export interface VectorResult {
  /** `file:line` */
  readonly place: string;
  readonly name: string;
  readonly result: 'passed' | 'failed' | 'skipped';
  /** Failed: one difference a line. Skipped: what the engine is not capable of. Passed: empty. */
  readonly why: string;
}

/** Runs vectors on an engine. What it is not capable of is skipped, and says so. */
export async function runVectors(
  engine: Engine,
  vectors: readonly VectorCase[],
): Promise<readonly VectorResult[]> {
  const plans = vectors.map((vector) => ({ vector, lacks: lacking(engine.capabilities, vector.input) }));
  const possible = plans.filter(({ lacks }) => lacks.length === 0);
  const outcomes = await engine.run(possible.map(({ vector }) => vector.case));
  const byVector = new Map(possible.map(({ vector }, index) => [vector, outcomes[index]?.[0]]));
  return plans.map(({ vector, lacks }): VectorResult => {
    const about = { place: vector.place, name: vector.case.name };
    const outcome = byVector.get(vector);
    if (lacks.length > 0)
      return { ...about, result: 'skipped', why: `${engine.name} has no ${lacks.join(', ')}` };
    if (!outcome) return { ...about, result: 'failed', why: `${engine.name} gave no outcome` };
    const why = formatDifferences(judge(vector, outcome));
    return { ...about, result: why === '' ? 'passed' : 'failed', why };
  });
}

/** What an input needs and an engine lacks. */
export function lacking(has: Capabilities, input: Input): readonly string[] {
  const needs: readonly (readonly [boolean, string])[] = [
    [has.hooks.includes(input.hook), input.hook],
    [has.randoms || input.randoms === undefined, 'randoms'],
    [has.clock || input.epochsLater === undefined, 'clock'],
    [has.gso || input.gso === undefined, 'gso'],
    [has.linear || input.linear === undefined, 'linear'],
    [has.partialChecksum || input.partialChecksum === undefined, 'partialChecksum'],
    [has.vlanStripped || input.vlanStripped === undefined, 'vlanStripped'],
    [
      !has.needsIpHeader || input.hook === 'xdp_ingress' || hasIpHeader(input.frame),
      'frames that end in the IP header',
    ],
  ];
  return needs.filter(([fine]) => !fine).map(([, name]) => name);
}

/** Whether a frame that says to carry IP has its fixed header whole. */
function hasIpHeader(frame: Uint8Array): boolean {
  const type = Buffer.from(frame).readUInt16BE(12);
  if (type === ETHER_TYPE.ipv4) return frame.length >= ETHERNET_BYTES + 20;
  return type !== ETHER_TYPE.ipv6 || frame.length >= ETHERNET_BYTES + 40;
}
