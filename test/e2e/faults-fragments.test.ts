import { describe, expect, it } from 'vitest';
import { Capture, ipPacket, PROTOCOL, sendFrames, udpDatagram } from '../../lab/index.ts';
import {
  bothFamilies,
  configOf,
  FAMILIES,
  type Family,
  packetsOf,
  toGateway,
  useScene,
} from '../support/index.ts';

const PORT = 7;
/** No listener has it. */
const OTHER_PORT = 9_999;
const ID = 77;
const FIRST_BYTES = 800;
const PAYLOAD = Buffer.alloc(1_200, 'x');

describe('an identification that a client uses again', () => {
  const scene = useScene({ targets: 1 }, async (scene) => {
    const proxies = bothFamilies(scene.lab, { name: 'echo', port: PORT, protocol: 'udp' });
    await scene.start(configOf(proxies));
  });

  /** A datagram to a port of the balancer in two fragments. */
  function fragments(family: Family, destinationPort: number): readonly Buffer[] {
    const path = { source: scene.lab.client()[family], destination: scene.lab.balancer[family] };
    const datagram = udpDatagram({ ...path, sourcePort: 5_000, destinationPort, payload: PAYLOAD });
    return [
      { offset: 0, part: datagram.subarray(0, FIRST_BYTES), more: true },
      { offset: FIRST_BYTES, part: datagram.subarray(FIRST_BYTES), more: false },
    ].map(({ offset, part, more }) => {
      if (family === 'v4') {
        const fields = { id: ID, fragmentOffset: offset, moreFragments: more };
        return ipPacket({ ...path, protocol: PROTOCOL.udp, ...fields }, part);
      }
      const header = Buffer.from([PROTOCOL.udp, 0, 0, 0, 0, 0, 0, ID]);
      header.writeUInt16BE(offset | (more ? 1 : 0), 2);
      return ipPacket(
        { ...path, protocol: PROTOCOL.udp, options: header, firstHeader: PROTOCOL.fragment },
        part,
      );
    });
  }

  it.each(FAMILIES)(
    'for a datagram of the host itself brings nothing of it to the target (%s)',
    async (family) => {
      const { lab } = scene;
      const client = lab.client();
      const filter = `src host ${client[family]}`;
      await using capture = await Capture.start(lab.target(), { interface: 'eth0', direction: 'in', filter });
      const send = (packets: readonly Buffer[]) =>
        sendFrames(
          client,
          'eth0',
          packets.map((packet) => toGateway(client, packet)),
        );
      await send(fragments(family, PORT));
      await send(fragments(family, OTHER_PORT));
      const offsets = packetsOf(await capture.decoded()).map(({ fragment }) => fragment?.offset);
      expect(offsets).toEqual([0, FIRST_BYTES]);
    },
  );
});
