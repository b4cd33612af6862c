import { BpfProgram } from '../../src/libbpf/index.ts';
import { ethernetFrame, ipPacket, PROTOCOL, tcpSegment } from '../../lab/index.ts';
import { FRAME_BYTES, type Feed } from './feed.ts';
import { Meter } from './meter.ts';

const args = JSON.parse(process.argv[2] ?? '{}');
using meter = new Meter(args.object, args.ifindex);
const xdp = BpfProgram.fromPin(args.pins + '/programs/xdp_ingress');

function frame(source: string, sourcePort: number, destination: string, destinationPort: number, flags: string): Buffer {
  const f = ethernetFrame(
    { source: '02:00:00:00:00:01', destination: '02:00:00:00:00:02' },
    ipPacket({ source, destination, protocol: PROTOCOL.tcp }, tcpSegment({ source, destination, sourcePort, destinationPort, flags })),
  );
  return Buffer.concat([f, Buffer.alloc(FRAME_BYTES - f.length)]);
}
const C = '10.1.1.1';
const feed = (frame: Buffer, flows: number, isReply = false): Feed => ({
  frame, flows, isReply, clientAddresses: 4, firstAddress: C,
});
const ack = (n: number) => feed(frame(C, 1, args.vip, 80, 'A'), n);
const syn = (n: number) => feed(frame(C, 1, args.vip, 80, 'S'), n);
const reply = (n: number) => feed(frame(args.target, 80, C, 1, 'A'), n, true);
const pass = (n: number) => feed(frame(C, 1, args.target, 81, 'A'), n);
const route = (n: number) => feed(frame(C, 1, args.target, 80, 'A'), n);

function learn(n: number) {
  for (let at = 0; at < n; at += 10000) {
    const count = Math.min(10000, n - at);
    meter.feed({ program: xdp, feed: syn(n), verdict: 'redirect' }, count, BigInt(at));
    meter.feed({ program: xdp, feed: ack(n), verdict: 'redirect' }, count, BigInt(at));
  }
  meter.feed({ program: meter.program('bare_learn'), feed: ack(n), verdict: 'tx' }, n, 0n);
  meter.feed({ program: meter.program('bare_learn'), feed: route(n), verdict: 'tx' }, n, 0n);
}
const median = (v: number[]) => v.sort((a, b) => a - b)[v.length >> 1] ?? NaN;
for (const n of [1, 100000]) {
  learn(n);
  const subjects = {
    bare: { program: meter.program('bare'), feed: ack(n), verdict: 'tx' as const },
    route: { program: meter.program('bare_route'), feed: route(n), verdict: 'tx' as const },
    established: { program: xdp, feed: ack(n), verdict: 'redirect' as const },
    reply: { program: xdp, feed: reply(n), verdict: 'redirect' as const },
    pass: { program: xdp, feed: pass(n), verdict: 'pass' as const },
  };
  const out: Record<string, number[]> = {};
  for (let r = 0; r < args.rounds; r++) {
    for (const [name, s] of Object.entries(subjects)) {
      (out[name] ??= []).push(meter.cost(s, n === 1 ? 50000 : 100000, 0n));
    }
  }
  for (const [name, v] of Object.entries(out)) {
    const ratio = median(v.map((x, i) => x / (out.bare![i] ?? NaN)));
    const s = [...v].sort((a, b) => a - b);
    console.log(n, name, median(v).toFixed(1), 'min', s[0]!.toFixed(1), 'q1', s[s.length >> 2]!.toFixed(1), 'q3', s[(s.length * 3) >> 2]!.toFixed(1), 'ratio', ratio.toFixed(2));
  }
}
{
  const synNew: Feed = { frame: frame(C, 1, args.vip, 80, 'S'), flows: 3_000_000_000, clientAddresses: 65536, firstAddress: '100.64.0.0', isReply: false };
  let next = 0n;
  const first: number[] = [];
  const all: number[] = [];
  for (let r = 0; r < 20; r++) {
    const c = meter.cost({ program: xdp, feed: synNew, verdict: 'redirect' }, 20000, next);
    next += 20000n;
    (r < 3 ? first : all).push(c);
  }
  console.log('new first', first, 'full', median(all));
}
