import { CONTENDER_TITLES, type ContenderName } from '../contenders/contender.ts';
import type { CostCase } from '../cost/samples.ts';
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
/** Aims that compare Sluice with a bare look-up. */
const CHEAP: readonly { readonly case: CostCase; readonly what: string }[] = [
  { case: 'established', what: 'established packet to bare look-up, one flow' },
  { case: 'lateEstablished', what: 'the same of a connection bound late' },
];
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
  const slower = CHEAP.flatMap(({ case: name, what }) => {
    const found = cost.find((result) => result.case === name && result.flows === 1);
    return found ? [judged(what, found.ratioToBare, 'at most', ESTABLISHED_TO_BARE)] : [];
  });
  return [...faster, ...slower];
}

function judged(what: string, value: number, bound: Aim['bound'], aim: number): Aim {
  return { what, value, bound, aim, met: bound === 'at least' ? value >= aim : value <= aim };
}
