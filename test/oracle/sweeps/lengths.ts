/** Frames cut at every length, and every value of every length field. */
import { put16, u16 } from '../bytes.ts';
import { atHooks, everySound, FLOW, type Probe, SEGMENT, type Sound, soundInputs } from './base.ts';

const ETHERNET = 14;

/** Every frame cut at every length, as it is and with the IP length that fits. */
export function cutFrames(): readonly Probe[] {
  return soundInputs([...everySound(), ...withHeaders()]).flatMap((input) => {
    const lengths = Array.from({ length: input.frame.length - ETHERNET }, (_, index) => ETHERNET + index);
    return lengths.flatMap((length) => {
      const cut = input.frame.slice(0, length);
      return [...atHooks({ ...input, frame: cut }), { ...input, frame: fittingLength(cut) }];
    });
  });
}

/** Every total length, payload length and UDP length from nothing to a few bytes too many. */
export function lengthFields(): readonly Probe[] {
  return soundInputs(everySound()).flatMap((input) => {
    const { frame } = input;
    const v4 = isV4(frame);
    const fields = [ETHERNET + (v4 ? 2 : 4), ETHERNET + (v4 ? 20 : 40) + 4];
    const values = [...Array.from({ length: frame.length + 3 }, (_, value) => value), 0xffff];
    return fields.flatMap((at) =>
      values.flatMap((value) => atHooks({ ...input, frame: with16(frame, at, value) })),
    );
  });
}

/** Every header length of IPv4 and of TCP, in packets with and without room for it. */
export function headerLengths(): readonly Probe[] {
  const nibbles = Array.from({ length: 16 }, (_, nibble) => nibble);
  const versions = soundInputs(everySound()).flatMap((input) =>
    nibbles.flatMap((nibble) =>
      [nibble << 4, nibble].flatMap((bits) => {
        const mask = bits === nibble ? 0xf0 : 0x0f;
        const frame = Uint8Array.from(input.frame);
        frame[ETHERNET] = ((frame[ETHERNET] ?? 0) & mask) | bits;
        return atHooks({ ...input, frame });
      }),
    ),
  );
  const payloads = [0, 1, 3, 4, 19, 20, 39, 40, 41];
  const segments = payloads.flatMap((payload) =>
    [FLOW.v4.tcp, FLOW.v6.snatTcp].map(
      (flow): Sound => ({
        flow,
        way: { end: 'client', hook: 'tc_ingress' },
        content: { ...SEGMENT, payload },
      }),
    ),
  );
  const offsets = soundInputs(segments).flatMap((input) =>
    nibbles.flatMap((nibble) => {
      const frame = Uint8Array.from(input.frame);
      frame[ETHERNET + (isV4(frame) ? 20 : 40) + 12] = nibble << 4;
      return atHooks({ ...input, frame });
    }),
  );
  return [...versions, ...offsets];
}

/** Packets with options, extension headers, and fragments. */
function withHeaders(): readonly Sound[] {
  const fragment = { kind: 'fragment', offset: 0, more: true, id: 7 } as const;
  const options = { kind: 'options', headers: [0, 60] } as const;
  return [FLOW.v4.tcp, FLOW.v6.udp].flatMap((flow): readonly Sound[] =>
    [[fragment], [options], [fragment, options]].map((odd) => ({
      flow,
      way: { end: 'client', hook: 'tc_ingress' },
      content: SEGMENT,
      odd,
    })),
  );
}

function fittingLength(frame: Uint8Array): Uint8Array {
  const v4 = isV4(frame);
  const length = frame.length - ETHERNET - (v4 ? 0 : 40);
  return frame.length < ETHERNET + 6 ? frame : with16(frame, ETHERNET + (v4 ? 2 : 4), Math.max(0, length));
}

function with16(frame: Uint8Array, at: number, value: number): Uint8Array {
  const after = Uint8Array.from(frame);
  put16(after, at, value);
  return after;
}

function isV4(frame: Uint8Array): boolean {
  return u16(frame, 12) === 0x0800;
}
