import { describe, expect, it } from 'vitest';
import {
  addressBytes,
  Capture,
  checksumFaults,
  type DecodedIp,
  type Host,
  ipPacket,
  PROTOCOL,
  sendFrames,
  startUdpEcho,
  tcpSegment,
  udpDatagram,
} from '../../lab/index.ts';
import {
  bothFamilies,
  configOf,
  FAMILIES,
  type Family,
  ownAddress,
  packetsOf,
  toGateway,
  useScene,
} from '../support/index.ts';

const FIRST_PORT = 5000;
const HOPS = 6;
const WIDE = { mtu: 1500 };

/** What an ICMP error tells its receiver, addresses in one form. */
interface Told {
  readonly from: string;
  readonly to: string;
  readonly type: number;
  readonly quoted: readonly [
    source: string,
    sourcePort: number,
    destination: string,
    destinationPort: number,
  ];
}

function told(packets: readonly DecodedIp[]): readonly Told[] {
  return packets.flatMap(({ source, destination, transport }) => {
    if (transport?.kind !== 'icmp' && transport?.kind !== 'icmpv6') return [];
    const { quoted, type } = transport;
    // A router quotes at least 8 bytes of the transport header (RFC 792), here more.
    const ports = quoted?.transport;
    if (quoted === undefined || ports === undefined || !('sourcePort' in ports)) return [];
    const about = [
      plain(quoted.source),
      ports.sourcePort,
      plain(quoted.destination),
      ports.destinationPort,
    ] as const;
    return [{ from: plain(source), to: plain(destination), type, quoted: about }];
  });
}

/** One spelling for each address. */
function plain(address: string): string {
  return addressBytes(address).toString('hex');
}

function timeExceeded(family: Family): number {
  return family === 'v4' ? 11 : 3;
}

describe.each([
  { attach: 'tc', offloads: 'on' },
  { attach: 'native', offloads: 'off' },
] as const)('"time exceeded", attach $attach', ({ attach, offloads }) => {
  const spec = { targets: 1, offloads, routers: { front: WIDE, back: WIDE } };
  const scene = useScene(spec, async (scene) => {
    const { lab } = scene;
    await startUdpEcho(lab.target());
    const balancer = configOf(
      [
        ...bothFamilies(lab, { name: 'nat', port: 7 }),
        ...bothFamilies(lab, { name: 'snat', port: 70, targetPort: 7, mode: 'snat' }),
      ],
      { attach },
    );
    await scene.start(balancer);
  });

  /** The hops of a packet from the client to the target, each with the address that it answers from. */
  const path = (family: Family) => {
    const at = (name: string, device: string) => ownAddress(scene.lab.host(name), device, family);
    return [
      at('front-router2', 'far0'),
      at('front-router1', 'mid0'),
      at('balancer', 'front0'),
      at('back-router1', 'near0'),
      at('back-router2', 'mid0'),
    ].map(plain);
  };

  async function trace(host: Host, frames: readonly Buffer[]): Promise<readonly DecodedIp[]> {
    await using capture = await Capture.start(host, { interface: 'eth0', direction: 'in', snapBytes: 2000 });
    await sendFrames(host, 'eth0', frames);
    const decoded = await capture.decoded();
    if (offloads === 'off') expect(checksumFaults(decoded)).toEqual([]);
    return packetsOf(decoded);
  }

  it.each(
    FAMILIES.flatMap(
      (family) =>
        [
          { family, mode: 'nat', port: 7, protocol: 'udp' },
          { family, mode: 'nat', port: 7, protocol: 'tcp' },
          { family, mode: 'snat', port: 70, protocol: 'udp' },
        ] as const,
    ),
  )(
    'lets a client trace the way to the target ($mode, $protocol, $family)',
    async ({ family, mode, port, protocol }) => {
      const client = scene.lab.client();
      const [source, destination] = [client[family], scene.lab.balancer[family]];
      const frames = Array.from({ length: HOPS }, (_, index) => {
        const ports = { source, destination, sourcePort: FIRST_PORT + index, destinationPort: port };
        const transport =
          protocol === 'udp'
            ? udpDatagram({ ...ports, payload: Buffer.from('trace') })
            : tcpSegment({ ...ports, flags: 'S' });
        const fields = { source, destination, protocol: PROTOCOL[protocol], hopLimit: index + 1 };
        return toGateway(client, ipPacket(fields, transport));
      });
      const packets = await trace(client, frames);
      const expected = path(family).map((from, index) => ({
        from,
        to: plain(source),
        type: timeExceeded(family),
        quoted: [plain(source), FIRST_PORT + index, plain(destination), port],
      }));
      // In snat mode the balancer itself keeps silent: its kernel must not see the packet.
      expect(told(packets)).toEqual(mode === 'snat' ? expected.filter((_, index) => index !== 2) : expected);
      const answers = packets.filter(({ transport }) => transport?.kind === protocol);
      expect(answers.map(({ transport }) => transport)).toMatchObject([
        { sourcePort: port, destinationPort: FIRST_PORT + HOPS - 1 },
      ]);
    },
  );

  it.each(FAMILIES)('lets a target trace the way to its client (%s)', async (family) => {
    const { lab } = scene;
    const [client, target] = [lab.client(), lab.target()];
    const clientPort = FIRST_PORT + 100;
    const ask = {
      source: client[family],
      destination: lab.balancer[family],
      sourcePort: clientPort,
      destinationPort: 7,
    };
    const question = ipPacket(
      { ...ask, protocol: PROTOCOL.udp },
      udpDatagram({ ...ask, payload: Buffer.from('open') }),
    );
    await sendFrames(client, 'eth0', [toGateway(client, question)]);
    const answer = {
      source: target[family],
      destination: client[family],
      sourcePort: 7,
      destinationPort: clientPort,
    };
    const frames = Array.from({ length: HOPS - 1 }, (_, index) => {
      const datagram = udpDatagram({ ...answer, payload: Buffer.from('trace') });
      return toGateway(
        target,
        ipPacket({ ...answer, protocol: PROTOCOL.udp, hopLimit: index + 1 }, datagram),
      );
    });
    const at = (name: string, device: string) => plain(ownAddress(lab.host(name), device, family));
    const hops = [
      at('back-router2', 'far0'),
      at('back-router1', 'mid0'),
      at('balancer', 'back0'),
      at('front-router1', 'near0'),
      at('front-router2', 'mid0'),
    ];
    const errors = told(await trace(target, frames));
    expect(errors).toEqual(
      hops.map((from) => ({
        from,
        to: plain(target[family]),
        type: timeExceeded(family),
        quoted: [plain(target[family]), 7, plain(client[family]), clientPort],
      })),
    );
  });
});
