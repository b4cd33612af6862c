import { release } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  decodeFrame,
  ethernetFrame,
  ipPacket,
  PROTOCOL,
  startTcpEcho,
  tcpSegment,
  udpDatagram,
} from '../../lab/index.ts';
import { compareKernels } from '../../src/libbpf/index.ts';
import { bothFamilies, configOf, FAMILIES, useScene } from '../support/index.ts';
import { pinFolder } from '../support/pinned.ts';

/** The first kernel with BPF_F_TEST_SKB_CHECKSUM_COMPLETE. */
const FIRST_KERNEL = '6.11';
const LIBBPF = fileURLToPath(new URL('../../dist/src/libbpf/index.js', import.meta.url));
const PORT = 7;
const PATHS = FAMILIES.flatMap((family) =>
  (['tcp', 'udp'] as const).map((protocol) => ({ family, protocol })),
);

/** BPF_PROG_TEST_RUN works on the namespace of its caller, so it is a program of its own. */
const PROGRAM = `
const { BpfProgram } = await import(${JSON.stringify(LIBBPF)});
const [pin, ifindex, frame] = process.argv.slice(1);
const BPF_F_TEST_SKB_CHECKSUM_COMPLETE = 4;
const ctxIn = Buffer.alloc(192); // struct __sk_buff
ctxIn.writeUInt32LE(Number(ifindex), 40); // its ifindex
const program = BpfProgram.fromPin(pin);
const flags = BPF_F_TEST_SKB_CHECKSUM_COMPLETE;
const { dataOut } = program.run({ dataIn: Buffer.from(frame, 'hex'), ctxIn, flags });
process.stdout.write(dataOut.toString('hex'));
program.close();
`;

describe.skipIf(compareKernels(release(), FIRST_KERNEL) < 0)(
  `a sum of the whole packet that the hardware made (tested from Linux ${FIRST_KERNEL} on)`,
  () => {
    const scene = useScene({ targets: 1 }, async (scene) => {
      await startTcpEcho(scene.lab.target());
      await scene.start(configOf(bothFamilies(scene.lab, { name: 'echo', port: PORT }), { attach: 'tc' }));
    });

    it.each(PATHS)('is right after the rewrite ($family, $protocol)', async ({ family, protocol }) => {
      const { lab, balancer } = scene;
      const path = { source: lab.client()[family], destination: lab.balancer[family] };
      const ports = { ...path, sourcePort: 5_000, destinationPort: PORT };
      const transport =
        protocol === 'tcp'
          ? tcpSegment({ ...ports, flags: 'S' })
          : udpDatagram({ ...ports, payload: Buffer.from('a payload of odd length') });
      const macs = { source: lab.client().interface('eth0').mac, destination: lab.client().gatewayMac ?? '' };
      const frame = ethernetFrame(macs, ipPacket({ ...path, protocol: PROTOCOL[protocol] }, transport));
      const { interfaces } = await balancer.admin.status();
      const ifindex = String(interfaces.find(({ name }) => name === 'front0')?.index);
      const pin = join(pinFolder(balancer.instance), 'programs', 'tc_ingress');
      const argv = ['node', '--input-type=module', '-e', PROGRAM, pin, ifindex, frame.toString('hex')];
      const { code, stdout, stderr } = await lab.balancer.exec(argv);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const { ip } = decodeFrame(Buffer.from(stdout, 'hex'));
      expect(ip).toMatchObject({ destination: lab.target()[family], hopLimit: 63 });
    });
  },
);
