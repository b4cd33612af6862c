/** Made-up conversations: any packets, near enough to make sense. */
import fc from 'fast-check';
import { clientHello } from './client-hello.ts';
import { type Setting, type Step, TARGET_ISN } from './conversation.ts';

const anyStream = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .record({
        name: fc.option(
          fc.constantFrom('a.example', 'A.Example', 'b.example', 'X.EXAMPLE', 'example', 'x.y.example'),
          { nil: undefined },
        ),
        before: fc.constantFrom(0, 1, 700, 3000),
        behind: fc.constantFrom(0, 5, 1500, 9000),
        record: fc.constantFrom(16_000, 500, 40),
      })
      .map(({ name, ...rest }) =>
        Buffer.concat([
          clientHello({ ...rest, ...(name === undefined ? {} : { name }) }),
          Buffer.alloc(300, 9),
        ]),
      ),
  },
  {
    weight: 6,
    arbitrary: fc
      .record({
        at: fc.integer({ min: 0, max: 130 }),
        byte: fc.integer({ min: 0, max: 255 }),
        before: fc.constantFrom(0, 3),
      })
      .map(({ at, byte, before }) => {
        const stream = clientHello({ name: 'a.example', before, behind: 5, record: 500 });
        stream[at % stream.length] = byte;
        return stream;
      }),
  },
  fc.constantFrom(
    Buffer.from('GET / HTTP/1.1\r\n\r\n'),
    Buffer.from('16030100050100000102', 'hex'),
    Buffer.alloc(17_000, 22),
  ),
);

/** Any setting. */
export const anySetting: fc.Arbitrary<Setting> = fc.record({
  v6: fc.boolean(),
  snat: fc.boolean(),
  routed: fc.integer({ min: 0, max: 9 }).map((roll) => roll === 0),
  named: fc.constantFrom(true, true, false),
  headers: fc.tuple(fc.boolean(), fc.boolean()),
  stream: anyStream,
  isn: fc.constantFrom(1000, 0xffffff00, 0),
  offer: fc.record({
    mss: fc.constantFrom(1460, 1400, 536, 100, 9000),
    scale: fc.constantFrom(null, 0, 7, 14),
    sack: fc.boolean(),
  }),
  mss: fc.constantFrom(0, 1200),
  secrets: fc.constantFrom(1, 2, 2, 2),
});

const common = {
  target: fc.constantFrom(0, 0, 1, 1, 1),
  hook: fc.constantFrom('tc_ingress', 'tc_ingress', 'xdp_ingress'),
  window: fc.constantFrom(0, 1, 63, 512, 65_535),
  partial: fc.constantFrom(false, false, true),
} as const;

/** Packets that a client may send, in an order that is nearly right, each piece of the stream once or more. */
function clientSteps({ stream }: Setting): fc.Arbitrary<readonly Step[]> {
  const piece = fc.constantFrom(1, 7, 100, 536, 1460, 1460, 8000);
  const cut = fc.array(piece, { minLength: 1, maxLength: 8 }).map((pieces) => {
    const steps: { at: number; length: number }[] = [];
    let at = 0;
    for (const length of pieces) {
      if (at < stream.length) steps.push({ at, length });
      at += length;
    }
    if (at < stream.length) steps.push({ at, length: Math.min(stream.length - at, 16_000) });
    return steps;
  });
  const segment = ({ at, length }: { at: number; length: number }): fc.Arbitrary<Step> =>
    fc.record({
      ...common,
      from: fc.constant('client'),
      flags: fc.constantFrom('A', 'PA', 'PA', 'FA'),
      at: fc.constant(at),
      length: fc.constant(length),
      acknowledges: fc.constantFrom(0, 0, 0, 100),
      options: fc.constantFrom('none', 'none', 'sack'),
    });
  return cut
    .chain((pieces) => fc.tuple(...pieces.map(segment)))
    .chain((steps) =>
      fc
        .record({
          order: fc.shuffledSubarray([...steps], { minLength: 1 }),
          again: fc.shuffledSubarray([...steps], { maxLength: Math.min(3, steps.length) }),
          arrival: fc.constantFrom('ordered', 'shuffled', 'second last'),
        })
        .map(({ order, again, arrival }) => {
          const [first = [], second = [], rest = []] = [steps.slice(0, 1), steps.slice(1, 2), steps.slice(2)];
          const arrivals = { ordered: steps, shuffled: order, 'second last': [...first, ...rest, ...second] };
          return [...(arrivals[arrival] ?? steps), ...again];
        }),
    );
}

const anyClientStep: fc.Arbitrary<Step> = fc.record({
  ...common,
  from: fc.constant('client'),
  flags: fc.constantFrom('S', 'A', 'A', 'PA', 'FA', 'R', 'RA'),
  at: fc.constantFrom(0, 0, -1, -28, 1, 300, 1000, 3000, 20_000),
  length: fc.constantFrom(0, 0, 1, 200),
  acknowledges: fc.constantFrom(0, 0, 1, 400, 90_000),
  options: fc.constantFrom('none', 'syn', 'sack'),
});

const anyTargetStep: fc.Arbitrary<Step> = fc.record({
  ...common,
  from: fc.constant('target'),
  hook: fc.constantFrom('tc_ingress', 'tc_ingress', 'xdp_ingress', 'tc_egress'),
  flags: fc.constantFrom('SA', 'SA', 'SA', 'A', 'A', 'PA', 'FA', 'R', 'RA'),
  at: fc.constantFrom(0, 0, 100),
  length: fc.constantFrom(0, 0, 0, 700),
  acknowledges: fc.constantFrom(0, 0, -5, 1, 28, 40, 52, 64, 500, 1460, 2000, 20_000),
  options: fc.constantFrom('syn', 'syn', 'no scale', 'none'),
});

const SYN: Step = {
  from: 'client',
  hook: 'tc_ingress',
  target: 0,
  flags: 'S',
  at: 0,
  length: 0,
  acknowledges: 0,
  window: 64_240,
  options: 'syn',
  partial: false,
};

/** The client's part of the handshake's end. */
const ACK: Step = { ...SYN, flags: 'A', options: 'none' };

/** At the number of the SYN, before the first byte. */
const KEEP_ALIVE: Step = { ...SYN, flags: 'A', at: -1, options: 'none' };

/** Both targets answer, as if both were asked. */
const ANSWERS = [0, 1].map(
  (target): Step => ({ ...SYN, from: 'target', target, flags: 'SA', options: 'syn' }),
);

/** Both targets tell, as if both lacked something, how far they are: each number once or more. */
const anyAsking: fc.Arbitrary<readonly Step[]> = fc
  .array(fc.record({ acknowledges: fc.constantFrom(0, 1, 28, 52, 100, 500), times: fc.nat({ max: 3 }) }), {
    minLength: 1,
    maxLength: 3,
  })
  .map((told) =>
    told
      .toSorted((a, b) => a.acknowledges - b.acknowledges)
      .flatMap(({ acknowledges, times }) => Array.from({ length: times }, () => acknowledges))
      .flatMap((acknowledges) =>
        [0, 1].map((target): Step => ({ ...ACK, from: 'target', target, acknowledges })),
      ),
  );

/** The same where the kernel forwards replies. */
const LEAVING_ANSWERS = ANSWERS.map((answer): Step => ({ ...answer, hook: 'tc_egress' }));

/** Both targets refuse, as a host does that has no listener (RFC 9293, 3.10.7.1): at the number 0. */
const REFUSALS = [0, 1].map(
  (target): Step => ({ ...SYN, from: 'target', target, flags: 'RA', at: -1 - TARGET_ISN, options: 'none' }),
);

/** Any conversation: a handshake, the stream in pieces, and other packets among them. */
export const anyConversation: fc.Arbitrary<{ readonly setting: Setting; readonly steps: readonly Step[] }> =
  anySetting.chain((setting) =>
    fc
      .tuple(
        clientSteps(setting),
        fc.array(fc.oneof(anyClientStep, anyTargetStep, anyTargetStep), { maxLength: 12 }),
        fc.array(anyClientStep, { maxLength: 1 }),
        fc.nat({ max: 3 }),
      )
      .chain(([stream, others, stranger, at]) => {
        const mixed = [...stream.slice(0, at), ...stranger, ...stream.slice(at)];
        return setting.named && !setting.routed
          ? fc
              .oneof(
                fc.constantFrom<readonly Step[]>([], ANSWERS, LEAVING_ANSWERS, REFUSALS),
                anyAsking.map((asking) => [...ANSWERS, ...asking]),
              )
              .map((answers) => ({ setting, steps: [SYN, KEEP_ALIVE, ...mixed, ...answers, ...others] }))
          : fc
              .tuple(
                fc.constantFrom<readonly Step[]>([], ANSWERS, [...ANSWERS, ACK], [...ANSWERS, ACK], REFUSALS),
                fc.shuffledSubarray([...mixed, ...others]),
              )
              .map(([opening, rest]) => ({ setting, steps: [SYN, ...opening, ...rest] }));
      }),
  );
