/** Every value of the fields that steer a packet, and every byte of its headers spoiled. */
import { put16, u16 } from '../bytes.ts';
import { atHooks, everySound, FLOW, type Probe, SEGMENT, type Sound, soundInputs } from './base.ts';

const ETHERNET = 14;
const SPOILED_BYTES = 100;

/** Every byte of TCP flags, from both ends, on flows that last and on new ones. */
export function tcpFlags(): readonly Probe[] {
  const sounds = [FLOW.v4.tcp, FLOW.v4.pending, FLOW.v6.pending, FLOW.v6.snatTcp].flatMap((flow) =>
    (['client', 'target'] as const).map(
      (end): Sound => ({ flow, way: { end, hook: 'tc_ingress' }, content: { ...SEGMENT, payload: 0 } }),
    ),
  );
  return soundInputs(sounds).flatMap((input) =>
    Array.from({ length: 256 }, (_, flags) => flags).flatMap((flags) => {
      const frame = Uint8Array.from(input.frame);
      frame[ETHERNET + (isV4(frame) ? 20 : 40) + 13] = flags;
      return atHooks({ ...input, frame });
    }),
  );
}

/** TTLs at the edges. */
export function hopLimits(): readonly Probe[] {
  return soundInputs(everySound()).flatMap((input) =>
    [0, 1, 2, 3, 63, 64, 127, 128, 254, 255].flatMap((ttl) => {
      const frame = Uint8Array.from(input.frame);
      frame[ETHERNET + (isV4(frame) ? 8 : 7)] = ttl;
      return atHooks({ ...input, frame });
    }),
  );
}

/** Edges of the fragment fields: offsets, "more fragments", "don't fragment", reserved bits. */
export function fragmentFields(): readonly Probe[] {
  const v4Values = [0, 1, 2, 0x1ffe, 0x1fff].flatMap((offset) =>
    [0, 0x2000, 0x4000, 0x6000, 0x8000, 0xe000].map((flags) => offset | flags),
  );
  const v6Values = [0, 8, 16, 0xfff0, 0xfff8].flatMap((offset) =>
    [0, 1, 2, 4, 6, 7].map((flags) => offset | flags),
  );
  return soundInputs(everySound().map((sound) => ({ ...sound, odd: [FIRST_FRAGMENT] }))).flatMap((input) => {
    const v4 = isV4(input.frame);
    const at = ETHERNET + (v4 ? 6 : 42);
    return (v4 ? v4Values : v6Values).flatMap((value) => {
      const frame = Uint8Array.from(input.frame);
      put16(frame, at, value);
      return atHooks({ ...input, frame });
    });
  });
}

/** Every byte of the headers, with one bit or all bits changed. */
export function spoiledBytes(): readonly Probe[] {
  return soundInputs(everySound()).flatMap((input) =>
    Array.from({ length: Math.min(SPOILED_BYTES, input.frame.length) }, (_, at) => at).flatMap((at) =>
      [0x01, 0xff].flatMap((mask) => {
        const frame = Uint8Array.from(input.frame);
        frame[at] = (frame[at] ?? 0) ^ mask;
        return atHooks({ ...input, frame }, ['xdp_ingress', 'tc_ingress']);
      }),
    ),
  );
}

const FIRST_FRAGMENT = { kind: 'fragment', offset: 0, more: true, id: 7 } as const;

function isV4(frame: Uint8Array): boolean {
  return u16(frame, 12) === 0x0800;
}
