import { describe, expect, it } from 'vitest';
import {
  addressBytes,
  addressText,
  checksumFaults,
  decodeFrame,
  ethernetFrame,
  icmpMessage,
  internetChecksum,
  ipPacket,
  PROTOCOL,
  parsePcap,
  tcpSegment,
  udpDatagram,
} from './index.ts';

const ethernet = { source: '02:00:00:00:00:01', destination: '02:00:00:00:00:02' };
const four = { source: '10.1.1.1', destination: '10.1.0.1' };
const six = { source: 'fd00:1::1:1', destination: 'fd00:1::1' };
const ports = { sourcePort: 40_000, destinationPort: 80 };
const text = Buffer.from('odd length payload');

/** Frames whose IP header begins at the given offset. */
const frames: readonly (readonly [string, Buffer, number])[] = [
  [
    'TCP over IPv4',
    frame(four, PROTOCOL.tcp, tcpSegment({ ...four, ...ports, flags: 'PA', payload: text })),
    14,
  ],
  [
    'TCP over IPv6',
    frame(six, PROTOCOL.tcp, tcpSegment({ ...six, ...ports, flags: 'PA', payload: text })),
    14,
  ],
  ['UDP over IPv4', frame(four, PROTOCOL.udp, udpDatagram({ ...four, ...ports, payload: text })), 14],
  ['UDP over IPv6', frame(six, PROTOCOL.udp, udpDatagram({ ...six, ...ports, payload: text })), 14],
  ['ICMP', frame(four, PROTOCOL.icmp, icmpMessage(four, 8, 0, 1, text)), 14],
  ['ICMPv6', frame(six, PROTOCOL.icmpv6, icmpMessage(six, 128, 0, 1, text)), 14],
  [
    'UDP behind two VLAN tags',
    frame(four, PROTOCOL.udp, udpDatagram({ ...four, ...ports, payload: text }), [7, 8]),
    22,
  ],
];

function frame(
  addresses: { readonly source: string; readonly destination: string },
  protocol: number,
  payload: Buffer,
  vlans: readonly number[] = [],
): Buffer {
  return ethernetFrame({ ...ethernet, vlans }, ipPacket({ ...addresses, protocol }, payload));
}

function faults(...bytes: readonly Uint8Array[]) {
  return checksumFaults(bytes.map((each) => decodeFrame(each)));
}

describe('checksumFaults', () => {
  it('agrees with a header whose checksum is known', () => {
    const header = Buffer.from('450000730000400040110000c0a80001c0a800c7', 'hex');
    expect(internetChecksum(header)).toBe(0xb861);
  });

  it.each(frames)('finds nothing wrong with %s', (_name, bytes) => {
    expect(faults(bytes)).toEqual([]);
  });

  it.each(frames)(
    'notices every changed byte of the addresses, header and payload of %s',
    (_name, bytes, ipStart) => {
      const addressesStart = ipStart + (bytes[ipStart] === 0x45 ? 12 : 8);
      for (let index = addressesStart; index < bytes.length; index++) {
        const broken = Buffer.from(bytes);
        broken[index] = (broken[index] ?? 0) ^ 0x11;
        // A changed length or data offset may also make the packet undecodable, which is as good.
        expect(faultsOrError(broken), `byte ${index}`).not.toEqual([]);
      }
    },
  );

  it('accepts UDP without a checksum over IPv4 and refuses it over IPv6', () => {
    for (const [addresses, expected] of [
      [four, 0],
      [six, 1],
    ] as const) {
      const datagram = udpDatagram({ ...addresses, ...ports, payload: text });
      datagram.writeUInt16BE(0, 6);
      expect(faults(frame(addresses, PROTOCOL.udp, datagram))).toHaveLength(expected);
    }
  });

  it('puts fragments together before it judges them', () => {
    const datagram = udpDatagram({ ...four, ...ports, payload: Buffer.alloc(100, 'x') });
    const piece = (from: number, to: number, moreFragments: boolean, bytes = datagram) =>
      ethernetFrame(
        ethernet,
        ipPacket(
          { ...four, protocol: PROTOCOL.udp, id: 9, fragmentOffset: from, moreFragments },
          bytes.subarray(from, to),
        ),
      );
    const last = Buffer.from(datagram);
    last[90] = 0;
    expect(faults(piece(48, 108, false), piece(0, 48, true))).toEqual([]);
    expect(faults(piece(0, 48, true), piece(48, 108, false, last))).toMatchObject([
      { frame: 1, layer: 'udp' },
    ]);
  });

  it('judges the header that an ICMP error quotes', () => {
    const quoted = ipPacket({ ...four, protocol: PROTOCOL.udp }, udpDatagram({ ...four, ...ports }));
    expect(faults(frame(four, PROTOCOL.icmp, icmpMessage(four, 3, 4, 1300, quoted)))).toEqual([]);
    quoted[19] = 99;
    const broken = frame(four, PROTOCOL.icmp, icmpMessage(four, 3, 4, 1300, quoted));
    expect(faults(broken)).toMatchObject([{ layer: 'quoted-ipv4' }]);
  });
});

describe('decodeFrame', () => {
  it('takes a tagged TCP frame apart', () => {
    const segment = tcpSegment({ ...six, ...ports, sequence: 5, flags: 'SA', window: 9, payload: text });
    const decoded = decodeFrame(frame(six, PROTOCOL.tcp, segment, [12]));
    expect(decoded).toMatchObject({
      vlans: [12],
      sourceMac: ethernet.source,
      ip: { version: 6, hopLimit: 64, ...six },
    });
    const transport = decoded.ip?.transport;
    expect(transport).toMatchObject({
      kind: 'tcp',
      ...ports,
      sequence: 5,
      flags: 'SA',
      window: 9,
      payload: text,
    });
  });

  it('finds the ports behind IPv6 extension headers', () => {
    const options = Buffer.from('3c00010400000000' + '1100010400000000', 'hex');
    const packet = ipPacket(
      { ...six, protocol: PROTOCOL.udp, firstHeader: PROTOCOL.hopByHop, options },
      udpDatagram({ ...six, ...ports }),
    );
    const decoded = decodeFrame(ethernetFrame(ethernet, packet));
    expect(decoded.ip?.transport).toMatchObject({ kind: 'udp', ...ports });
    expect(checksumFaults([decoded])).toEqual([]);
  });

  it('shows the MTU and the ports inside an ICMPv6 packet too big', () => {
    const quoted = ipPacket({ ...six, protocol: PROTOCOL.tcp }, tcpSegment({ ...six, ...ports, flags: 'A' }));
    const decoded = decodeFrame(frame(six, PROTOCOL.icmpv6, icmpMessage(six, 2, 0, 1280, quoted)));
    expect(decoded.ip?.transport).toMatchObject({
      mtu: 1280,
      quoted: { source: six.source, transport: ports },
    });
  });

  it('leaves Ethernet padding out of the payload', () => {
    const bytes = Buffer.concat([
      frame(four, PROTOCOL.udp, udpDatagram({ ...four, ...ports })),
      Buffer.alloc(18, 1),
    ]);
    expect(faults(bytes)).toEqual([]);
    expect(decodeFrame(bytes).ip?.payload).toHaveLength(8);
  });
});

describe('addresses', () => {
  it.each(['10.1.2.3', '::', '::1', 'fd00:1::1:2', 'fd00::', '1:2:3:4:5:6:7:8', '1:0:0:2::3'])(
    '%s keeps its form',
    (address) => {
      expect(addressText(addressBytes(address))).toBe(address);
    },
  );
});

describe('parsePcap', () => {
  it('reads both byte orders and leaves out a cut-off record', () => {
    const little = Buffer.from(
      'd4c3b2a1020004000000000000000000ffff000001000000' +
        '0100000040420f000200000002000000abcd' +
        '0100000000',
      'hex',
    );
    const big = Buffer.from(
      'a1b2c3d400020004000000000000000000ffffff00000001' + '00000001000f42400000000200000002abcd',
      'hex',
    );
    for (const file of [little, big]) {
      expect(parsePcap(file)).toEqual([{ timeSeconds: 2, bytes: Buffer.from('abcd', 'hex') }]);
    }
  });

  it('refuses other files', () => {
    expect(() => parsePcap(Buffer.from('GIF89a'))).toThrow('not a pcap file');
  });
});

function faultsOrError(bytes: Uint8Array): unknown {
  try {
    return faults(bytes);
  } catch (error) {
    return error;
  }
}
