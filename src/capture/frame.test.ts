import { describe, expect, it } from 'vitest';
import { ethernetFrame, icmpMessage, ipPacket, PROTOCOL, tcpSegment, udpDatagram } from '../../lab/index.ts';
import { summariseFrame } from './frame.ts';

const v4 = { source: '10.0.0.7', destination: '192.0.2.2' };
const v6 = { source: '2001:db8::7', destination: '2001:db8::2' };
const ports = { sourcePort: 40_000, destinationPort: 443 };
const payload = Buffer.from('a secret');
const macs = { source: '02:00:00:00:00:01', destination: '02:00:00:00:00:02' };

function tcpFrame(ends: typeof v4): Buffer {
  const segment = tcpSegment({ ...ends, ...ports, flags: 'SA', payload });
  return ethernetFrame(macs, ipPacket({ ...ends, protocol: PROTOCOL.tcp }, segment));
}

describe('what is told of a frame', () => {
  it.each([v4, v6])('TCP: addresses, ports, flags, and where its payload begins ($source)', (ends) => {
    const frame = tcpFrame(ends);
    const summary = summariseFrame(frame);
    expect(summary).toMatchObject({
      ip: { source: ends.source, destination: ends.destination, protocol: 'tcp', isLaterFragment: false },
      ports: { source: 40_000, destination: 443 },
      tcp: { flags: 'S.' },
    });
    expect(frame.subarray(summary.headerBytes).toString()).toBe('a secret');
  });

  it('UDP: its payload begins behind eight bytes', () => {
    const datagram = udpDatagram({ ...v4, ...ports, payload });
    const frame = ethernetFrame(macs, ipPacket({ ...v4, protocol: PROTOCOL.udp }, datagram));
    const { headerBytes, ip } = summariseFrame(frame);
    expect([ip?.protocol, frame.subarray(headerBytes).toString()]).toEqual(['udp', 'a secret']);
  });

  it('an ICMP error: what it quotes belongs to its headers, as far as ports', () => {
    const quoted = ipPacket({ ...v4, protocol: PROTOCOL.udp }, udpDatagram({ ...v4, ...ports, payload }));
    const error = icmpMessage(v4, 3, 4, 1280, quoted);
    const frame = ethernetFrame(macs, ipPacket({ ...v4, protocol: PROTOCOL.icmp }, error));
    const { headerBytes, icmp } = summariseFrame(frame);
    expect(icmp).toEqual({ type: 3, code: 4 });
    expect(frame.subarray(headerBytes).toString()).toBe('a secret');
  });

  it('a ping: all behind its header is payload', () => {
    const frame = ethernetFrame(
      macs,
      ipPacket({ ...v4, protocol: PROTOCOL.icmp }, icmpMessage(v4, 8, 0, 1, payload)),
    );
    expect(frame.subarray(summariseFrame(frame).headerBytes).toString()).toBe('a secret');
  });

  it('no more than there is, of a frame cut at any byte', () => {
    for (const frame of [tcpFrame(v4), tcpFrame(v6)]) {
      for (let length = 0; length <= frame.length; length++) {
        expect(() => summariseFrame(frame.subarray(0, length))).not.toThrow();
      }
    }
  });
});
