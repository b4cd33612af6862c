import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  Capture,
  checksumFaults,
  curl,
  dig,
  fetchMany,
  httpUrl,
  iperf3,
  Lab,
  makeFile,
  SocketAgent,
  sendFrames,
  sha256,
  startDnsmasq,
  startIperf3,
  startNginx,
  startTcpEcho,
  startUdpEcho,
  synFlood,
  udpMany,
  wrk,
} from '../../lab/index.ts';

describe('services and clients in a routed lab', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await Lab.create({
      clients: [{ addresses: 4 }],
      targets: 2,
      addressesPerTarget: 3,
      upstream: true,
      offloads: 'off',
    });
    await Promise.all([
      startNginx(lab.target(0)),
      startNginx(lab.target(1), { nameByAddress: true, port: 8080 }),
      startUdpEcho(lab.target()),
      startTcpEcho(lab.target(), { nameByAddress: true }),
      startDnsmasq(lab.target()),
      startIperf3(lab.target()),
      startIperf3(lab.target(), { port: 5202, address: lab.target().v6 }),
    ]);
  });
  afterAll(() => lab.close());

  it('counts 1,000 new HTTP connections by the target that answered, in less than 2 seconds', async () => {
    const result = await fetchMany(lab.client(), httpUrl(lab.target().v4), { count: 1_000 });
    expect(result).toMatchObject({ byTarget: { target1: 1_000 }, errors: {}, switched: 0 });
    expect(result.durationMs).toBeLessThan(2_000);
  });

  it('sends from each of the client addresses, over both families', async () => {
    for (const [address, sources] of [
      [lab.target().v4, lab.client().addresses4],
      [lab.target().v6, lab.client().addresses6],
    ] as const) {
      const answers = await Promise.all(
        sources.map((source) => curl(lab.client(), ['--interface', source, httpUrl(address)])),
      );
      expect(answers.map((answer) => answer.stdout.split(' ')[1])).toEqual(sources);
    }
  });

  it('tells many targets on one host apart by address', async () => {
    const { addresses4 } = lab.target(1);
    const results = await Promise.all(
      addresses4.map((address) => fetchMany(lab.client(), httpUrl(address, 8080), { count: 5 })),
    );
    expect(results.map((result) => result.byTarget)).toEqual(addresses4.map((address) => ({ [address]: 5 })));
  });

  it('sees that keep-alive requests stay on one connection', async () => {
    const result = await fetchMany(lab.client(), httpUrl(lab.target().v6), {
      count: 20,
      requestsPerConnection: 10,
    });
    expect(result).toMatchObject({ byTarget: { target1: 20 }, errors: {}, switched: 0 });
  });

  it('counts refused connections instead of throwing', async () => {
    const result = await fetchMany(lab.client(), httpUrl(lab.target().v4, 81), { count: 3 });
    expect(result).toMatchObject({ byTarget: {}, errors: { ECONNREFUSED: 3 } });
  });

  it('moves files down and up unchanged', async () => {
    const file = await makeFile(lab.target(), 'big', 5_000_000);
    const copy = `${lab.directory}/copy`;
    await curl(lab.client(), ['--output', copy, httpUrl(lab.target().v4, 80, '/files/big')]);
    expect(await sha256(copy)).toBe(file.sha256);
    const nginx = await startNginx(lab.target(), { name: 'uploads', port: 8081 });
    await curl(lab.client(), ['--upload-file', copy, httpUrl(lab.target().v4, 8081, '/upload/copy')]);
    expect(await nginx.uploadSha256('copy')).toBe(file.sha256);
  });

  it('echoes UDP datagrams, also those that travel in fragments', async () => {
    const { v4, v6 } = lab.target();
    expect(await udpMany(lab.client(), v4, 7, { messages: 3 })).toMatchObject({
      byTarget: { target1: 100 },
      lost: 0,
    });
    const large = { count: 10, sizeBytes: 8_000 };
    const expected = { byTarget: { target1: 10 }, lost: 0, corrupted: 0 };
    expect(await udpMany(lab.client(), v4, 7, large)).toMatchObject(expected);
    expect(await udpMany(lab.client(), v6, 7, large)).toMatchObject(expected);
  });

  it('asks DNS servers for their names', async () => {
    expect(await dig(lab.client(), lab.target().v4, { count: 3 })).toEqual(['target1', 'target1', 'target1']);
    expect(await dig(lab.client(), lab.target().v6)).toEqual(['target1']);
  });

  it('holds a TCP connection by hand and sees how it ends', async () => {
    await using agent = new SocketAgent(lab.client());
    const { v4 } = lab.target();
    const connection = await agent.connect({ address: v4, port: 7 });
    expect(await connection.line()).toBe(v4);
    expect(await connection.ask('hello')).toBe('hello');
    await connection.end();
    expect(connection.state).toEqual({ kind: 'closed', error: null });
    await expect(agent.connect({ address: v4, port: 81 })).rejects.toThrow('ECONNREFUSED');
  });

  it('sees the reset when a server dies', async () => {
    const server = await startTcpEcho(lab.target(), { port: 70 });
    await using agent = new SocketAgent(lab.client());
    const connection = await agent.connect({ address: lab.target().v6, port: 70 });
    expect(await connection.line()).toBe('target1');
    server.process.kill('SIGKILL');
    await connection.until(() => connection.state.kind !== 'open', 2_000, 'end');
  });

  it('measures with wrk and iperf3', async () => {
    const load = await wrk(lab.client(), httpUrl(lab.target().v4), { seconds: 1 });
    expect(load.requestsPerSecond).toBeGreaterThan(100);
    expect(load.errors).toBe(0);
    const tcp = await iperf3(lab.client(), lab.target().v4, { seconds: 1 });
    expect(tcp.bitsPerSecond).toBeGreaterThan(1e8);
    const udp = await iperf3(lab.client(), lab.target().v6, { port: 5202, udp: true, bandwidth: '10M' });
    expect(udp.bytes).toBeGreaterThan(500_000);
  });

  it('captures what arrives with valid checksums when offloads are off', async () => {
    await using capture = await Capture.start(lab.target(), { interface: 'eth0', direction: 'in' });
    await fetchMany(lab.client(), httpUrl(lab.target().v4), { count: 5 });
    await udpMany(lab.client(), lab.target().v6, 7, { count: 2, sizeBytes: 3_000 });
    const frames = await capture.decoded();
    expect(frames.filter((frame) => frame.ip?.transport?.kind === 'tcp').length).toBeGreaterThan(20);
    expect(frames.filter((frame) => frame.ip?.fragment).length).toBeGreaterThanOrEqual(6);
    expect(checksumFaults(frames)).toEqual([]);
  });

  it('floods a target with SYNs from random sources, every one of them sent', async () => {
    for (const address of [lab.target().v4, lab.target().v6]) {
      const filter = 'dst port 80 and (tcp[13] = 2 or ip6[53] = 2)';
      const options = { interface: 'eth0', filter, direction: 'in', snapBytes: 128 } as const;
      await using capture = await Capture.start(lab.target(), options);
      await synFlood(lab.client(), { address, port: 80, count: 2_000 });
      const frames = await capture.decoded();
      expect(frames.length).toBe(2_000);
      expect(new Set(frames.map((frame) => frame.ip?.source)).size).toBeGreaterThan(1_990);
      expect(checksumFaults(frames)).toEqual([]);
    }
  });

  it('sends frames of mixed lengths in order', async () => {
    await using capture = await Capture.start(lab.balancer, {
      interface: 'front0',
      filter: 'ether proto 0x88b5',
    });
    const { gatewayMac = '' } = lab.client();
    const head = Buffer.concat([
      Buffer.from(gatewayMac.replaceAll(':', ''), 'hex'),
      Buffer.from('02000000ffff88b5', 'hex'),
    ]);
    const frames = [60, 200, 200, 61].map((length, index) =>
      Buffer.concat([head, Buffer.alloc(length - 14, index)]),
    );
    await sendFrames(lab.client(), 'eth0', frames);
    expect((await capture.frames()).map((frame) => Buffer.from(frame.bytes))).toEqual(frames);
  });
});

describe('path-MTU discovery through narrow links', () => {
  it.each(['front', 'back'] as const)(
    'finishes large transfers with the narrow link on the %s side',
    async (side) => {
      await using lab = await Lab.create({ targets: 1, routers: { [side]: { mtu: 1300 } } });
      const file = await makeFile(lab.target(), 'big', 2_000_000);
      const nginx = await startNginx(lab.target());
      for (const address of [lab.target().v4, lab.target().v6]) {
        const copy = `${lab.directory}/copy`;
        const down = await curl(lab.client(), [
          '--max-time',
          '5',
          '-o',
          copy,
          httpUrl(address, 80, '/files/big'),
        ]);
        expect(down.stderr).toBe('');
        expect(await sha256(copy)).toBe(file.sha256);
        await curl(lab.client(), ['--max-time', '5', '-T', copy, httpUrl(address, 80, '/upload/copy')]);
        expect(await nginx.uploadSha256('copy')).toBe(file.sha256);
      }
    },
  );
});
