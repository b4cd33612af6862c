import type { CapturedFrame, CapturedPacket } from './model.ts';

/** Block types and options of pcapng (draft-ietf-opsawg-pcapng). */
const BLOCKS = { section: 0x0a0d0d0a, interface: 1, packet: 6 };
const BYTE_ORDER = 0x1a2b3c4d;
const WHOLE_SECTION = 0xffffffff;
const LINKTYPE_ETHERNET = 1;
const OPTIONS = { end: 0, comment: 1, application: 4, name: 2, description: 3, flags: 2, verdict: 7 };
const DIRECTIONS = { before: 1, after: 2 };
const VERDICT_KINDS = { tc: 1, xdp: 2 };

/**
 * Writes captured packets as pcapng, which Wireshark, tshark and tcpdump read. A packet makes two: as it came, and as it left,
 * on an interface each (`eth0 xdp_ingress in`, `eth0 xdp_ingress out`), with why as a comment.
 */
export class PcapngWriter {
  /** Numbers of the interfaces that were described, by name. */
  readonly #interfaces = new Map<string, number>();

  /** What a file begins with. */
  begin(): Buffer {
    const body = Buffer.alloc(16, 0xff);
    body.writeUInt32LE(BYTE_ORDER, 0);
    body.writeUInt16LE(1, 4);
    body.writeUInt16LE(0, 6);
    body.writeUInt32LE(WHOLE_SECTION, 8);
    return block(BLOCKS.section, Buffer.concat([body, options([[OPTIONS.application, 'sluice capture']])]));
  }

  /** The blocks of one packet, and before them those of interfaces that it is the first of. */
  packet(packet: CapturedPacket): Buffer {
    const frames = [this.#frame(packet, packet.before, 'before')];
    if (packet.after !== null) frames.push(this.#frame(packet, packet.after, 'after'));
    return Buffer.concat(frames);
  }

  #frame(packet: CapturedPacket, frame: CapturedFrame, side: 'before' | 'after'): Buffer {
    const name = `${packet.interface.name} ${packet.hook} ${side === 'before' ? 'in' : 'out'}`;
    const known = this.#interfaces.get(name);
    const number = known ?? this.#interfaces.size;
    this.#interfaces.set(name, number);
    const described = known === undefined ? [interfaceBlock(name, packet)] : [];
    return Buffer.concat([...described, packetBlock(packet, frame, side, number)]);
  }
}

function interfaceBlock(name: string, { hook }: CapturedPacket): Buffer {
  const body = Buffer.alloc(8);
  body.writeUInt16LE(LINKTYPE_ETHERNET, 0);
  const about = `Sluice, program ${hook}`;
  return block(
    BLOCKS.interface,
    Buffer.concat([
      body,
      options([
        [OPTIONS.name, name],
        [OPTIONS.description, about],
      ]),
    ]),
  );
}

function packetBlock(
  packet: CapturedPacket,
  frame: CapturedFrame,
  side: 'before' | 'after',
  number: number,
): Buffer {
  const bytes = Buffer.from(frame.bytes, 'base64');
  const head = Buffer.alloc(20);
  const time = BigInt(packet.timeUs);
  head.writeUInt32LE(number, 0);
  head.writeUInt32LE(Number(time >> 32n), 4);
  head.writeUInt32LE(Number(time & 0xffffffffn), 8);
  head.writeUInt32LE(bytes.length, 12);
  head.writeUInt32LE(frame.length, 16);
  const flags = Buffer.alloc(4);
  flags.writeUInt32LE(DIRECTIONS[side]);
  return block(
    BLOCKS.packet,
    Buffer.concat([
      head,
      padded(bytes),
      options([
        [OPTIONS.comment, commentOf(packet, side)],
        [OPTIONS.flags, flags],
        ...(side === 'after' || packet.after === null ? [[OPTIONS.verdict, verdictOf(packet)] as const] : []),
      ]),
    ]),
  );
}

/** `before: forwarded new_flow, proxy web, target 10.0.0.1:80` */
function commentOf({ outcome, reason, proxy, target }: CapturedPacket, side: 'before' | 'after'): string {
  const whose = [
    proxy === null ? [] : [`proxy ${proxy}`],
    target === null ? [] : [`target ${target}`],
  ].flat();
  return `${side}: ${[`${outcome} ${reason}`, ...whose].join(', ')}`;
}

function verdictOf({ hook, verdict }: CapturedPacket): Buffer {
  const value = Buffer.alloc(9);
  value.writeUInt8(hook === 'xdp_ingress' ? VERDICT_KINDS.xdp : VERDICT_KINDS.tc, 0);
  value.writeBigInt64LE(BigInt(verdict), 1);
  return value;
}

function options(list: readonly (readonly [number, string | Buffer])[]): Buffer {
  const all = [...list, [OPTIONS.end, ''] as const];
  return Buffer.concat(
    all.map(([code, content]) => {
      const value = typeof content === 'string' ? Buffer.from(content) : content;
      const head = Buffer.alloc(4);
      head.writeUInt16LE(code, 0);
      head.writeUInt16LE(value.length, 2);
      return Buffer.concat([head, padded(value)]);
    }),
  );
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
}

function block(type: number, body: Buffer): Buffer {
  const [head, tail] = [Buffer.alloc(8), Buffer.alloc(4)];
  const length = body.length + head.length + tail.length;
  head.writeUInt32LE(type, 0);
  head.writeUInt32LE(length, 4);
  tail.writeUInt32LE(length, 0);
  return Buffer.concat([head, body, tail]);
}
