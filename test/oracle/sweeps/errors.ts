/** ICMP messages of every type and code, and quotes cut at every length. */
import { put16, u16 } from '../bytes.ts';
import { atHooks, FLOW, type Probe, type Sound, soundInputs } from './base.ts';

const ETHERNET = 14;
const CODES = 7;
const TC_HOOKS = ['tc_ingress', 'tc_egress'] as const;

/** Every type with the first codes, about a packet of ours. */
export function typesAndCodes(): readonly Probe[] {
  return soundInputs(errors(['none'], [FLOW.v4.tcp, FLOW.v6.udp])).flatMap((input) =>
    Array.from({ length: 256 * CODES }, (_, index) => {
      const frame = Uint8Array.from(input.frame);
      const l4 = ETHERNET + (u16(frame, 12) === 0x0800 ? 20 : 40);
      frame[l4] = Math.floor(index / CODES);
      frame[l4 + 1] = index % CODES;
      return { ...input, frame };
    }),
  );
}

/** Errors whose quote ends after every byte, with the IP length that fits and with the one before the cut. */
export function cutQuotes(): readonly Probe[] {
  const kinds = ['none', 'options', 'first', 'later', 'atomic'] as const;
  const flows = [FLOW.v4, FLOW.v6].flatMap((flow) => [flow.tcp, flow.snatUdp]);
  return soundInputs(errors(kinds, flows)).flatMap((input) => {
    const v4 = u16(input.frame, 12) === 0x0800;
    const quote = ETHERNET + (v4 ? 20 : 40) + 8;
    return Array.from({ length: input.frame.length - quote }, (_, index) => quote - 4 + index).flatMap(
      (length) => {
        const cut = input.frame.slice(0, length);
        const fitting = Uint8Array.from(cut);
        put16(fitting, ETHERNET + (v4 ? 2 : 4), length - ETHERNET - (v4 ? 0 : 40));
        const padded = Uint8Array.from(input.frame);
        put16(padded, ETHERNET + (v4 ? 2 : 4), length - ETHERNET - (v4 ? 0 : 40));
        return [
          ...atHooks({ ...input, frame: fitting }, TC_HOOKS),
          { ...input, frame: cut },
          { ...input, frame: padded },
        ];
      },
    );
  });
}

/** Every byte of the quoted headers spoiled. */
export function spoiledQuotes(): readonly Probe[] {
  return soundInputs(
    errors(['none', 'atomic'], [FLOW.v4.tcp, FLOW.v4.snatUdp, FLOW.v6.tcp, FLOW.v6.snatUdp]),
  ).flatMap((input) =>
    Array.from({ length: input.frame.length }, (_, at) => at).flatMap((at) =>
      [0x01, 0x80, 0xff].map((mask) => {
        const frame = Uint8Array.from(input.frame);
        frame[at] = (frame[at] ?? 0) ^ mask;
        return { ...input, frame };
      }),
    ),
  );
}

type QuoteOptions = Extract<Sound['content'], { kind: 'icmp' }>['quoteOptions'];

function errors(kinds: readonly QuoteOptions[], flows: readonly number[]): readonly Sound[] {
  return flows.flatMap((flow) =>
    kinds.flatMap((quoteOptions) =>
      (['client', 'target'] as const).map(
        (end): Sound => ({
          flow,
          way: { end, hook: 'tc_ingress' },
          content: {
            kind: 'icmp',
            type: 0,
            code: 1,
            from: 'peer',
            toSender: true,
            quote: 24,
            quoteOptions,
            protocol: null,
          },
        }),
      ),
    ),
  );
}
