import { CONTENDER_TITLES, type ContenderName } from '../contenders/contender.ts';
import type { FigureId } from '../trials.ts';
import type { Aim, CostResult, Measurement } from './model.ts';

/** Aims that compare Sluice with another contender. */
const FASTER: readonly {
  readonly figure: FigureId;
  readonly what: string;
  readonly than: ContenderName;
  readonly aim: number;
}[] = [
  { figure: 'packetsOneFlow', what: 'packets/s, one flow, to nftables', than: 'nftables', aim: 1.8 },
  { figure: 'packetsManyFlows', what: 'packets/s, many flows, to nftables', than: 'nftables', aim: 1.8 },
  { figure: 'connections', what: 'connections/s to plain routing', than: 'plain', aim: 1 },
  { figure: 'connections', what: 'connections/s to nftables', than: 'nftables', aim: 1.5 },
  { figure: 'connections', what: 'connections/s to HAProxy', than: 'haproxy', aim: 1.5 },
];
const SLUICES: readonly ContenderName[] = ['sluice-native', 'sluice-tc'];
/** What Katran's established flow costs beside the same yardstick, with one flow. */
const ESTABLISHED_TO_BARE = 3;

/** Judges what was measured; aims whose figures were not are left out. */
export function judge(measurements: readonly Measurement[], cost: readonly CostResult[]): readonly Aim[] {
  const faster = FASTER.flatMap(({ figure, what, than, aim }) => {
    const results = measurements.find(({ id }) => id === figure)?.results ?? [];
    return results.flatMap(({ contender, ratioTo: { [than]: value } }) =>
      SLUICES.includes(contender) && value !== undefined
        ? [judged(`${CONTENDER_TITLES[contender]}: ${what}`, value, 'at least', aim)]
        : [],
    );
  });
  const established = cost.find((result) => result.case === 'established' && result.flows === 1);
  const value = established?.ratioToBare;
  return value === undefined
    ? faster
    : [
        ...faster,
        judged('established packet to bare look-up, one flow', value, 'at most', ESTABLISHED_TO_BARE),
      ];
}

function judged(what: string, value: number, bound: Aim['bound'], aim: number): Aim {
  return { what, value, bound, aim, met: bound === 'at least' ? value >= aim : value <= aim };
}
