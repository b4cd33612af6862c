import fc from 'fast-check';
import { anySetting } from '../any-conversation.ts';
import { clientHello } from '../client-hello.ts';
import type { Plan } from './play.ts';

/** Names, and the target that each leads to: its own route, a wildcard's, or the default. */
const NAMES = [
  ['a.example', 0],
  ['A.EXAMPLE', 0],
  ['x.example', 1],
  ['X.Example', 1],
  ['x.y.example', 0],
  ['', 0],
] as const;
const anyStream = fc
  .record({
    name: fc.constantFrom(...NAMES),
    before: fc.constantFrom(0, 700, 1700, 5000),
    behind: fc.constantFrom(0, 5, 1500),
    record: fc.constantFrom(16_000, 500),
    rest: fc.constantFrom(0, 1, 3000),
  })
  .map(({ name: [name, target], rest, ...plan }) => ({
    target,
    stream: Buffer.concat([
      clientHello({ ...plan, ...(name === '' ? {} : { name }) }),
      Buffer.from(Array.from({ length: rest }, (_, at) => (at * 7) & 255)),
    ]),
  }));

/**
 * Any connection that must get to its target, through any network that lets something through in the end.
 * @param fates so many packets may be lost, doubled or late; all later ones arrive, so that every connection has an end
 */
export function anyPlan(fates: number): fc.Arbitrary<Plan> {
  return fc
    .record({
      setting: anySetting,
      sent: anyStream,
      cuts: fc.array(fc.constantFrom(7, 100, 536, 1400, 1400, 1400), { minLength: 1, maxLength: 5 }),
      xdp: fc.boolean(),
      fates: fc.array(fc.integer({ min: 0, max: 99 }), { minLength: fates, maxLength: fates }),
    })
    .map(({ setting, sent, cuts, ...rest }) => ({
      ...rest,
      // A client without names, or with a source route, has its target at once.
      setting: { ...setting, stream: sent.stream, routed: false },
      // A stream in tiny pieces only would take all rounds.
      cuts: [...cuts, 1400],
      expected: setting.named ? sent.target : 0,
    }));
}
