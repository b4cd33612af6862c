import type { TargetReport } from '../../src/report/index.ts';
import type { DatagramTally } from '../programs/conversation.ts';
import type { Sample, StageRecord } from '../record.ts';
import { allServices } from '../services.ts';

const ATTEMPTS = { answered: 0, established: 0, refused: 0, unanswered: 0 };
const ADDRESSES = { v4: '10.2.1.1', v6: 'fd00:2::1:1' } as const;
const FLOWS = 12;
const HELD = 2;
const DATAGRAM_BYTES = 20;
const MIB = 2 ** 20;

/** A record of a stage with one target where everything is as it should be. */
export function goodRecord(): StageRecord {
  const services = allServices();
  const byName = <T>(value: (name: string) => T) =>
    Object.fromEntries(services.map(({ name }) => [name, value(name)]));
  const count = (packets: number) => ({ packets, bytes: packets * DATAGRAM_BYTES });
  const tally = (packets: number): DatagramTally => ({
    sent: count(packets),
    received: count(packets),
    resent: 0,
  });
  const kernel = { open: { programs: 4, maps: 15, links: 0 }, pins: 26, mapBytes: 1000 };
  const talk = services.filter(({ kind }) => kind === 'talk').map(({ name }) => name);
  const tallies = (packets: number) => Object.fromEntries(talk.map((name) => [name, tally(packets)]));
  return {
    name: 'tc',
    samples: Array.from({ length: 16 }, (_, index) => sampleAt(index)),
    changes: {
      reloads: 100,
      slowestReloadMs: 50,
      refusals: [],
      restarts: 4,
      strangers: 0,
      floods: 1,
      syns: FLOWS,
      captures: 6,
      capturedPackets: 600,
      badCaptures: [],
    },
    decreases: [],
    comparisons: 1000,
    drain: { held: HELD, afterChurn: HELD, atEnd: 0 },
    kernel: { before: kernel, after: kernel },
    stats: {
      totals: { activeFlows: 0, flows: 0, forward: count(0), reply: count(0), attempts: ATTEMPTS },
      targets: services.map(targetReport),
      reasons: [],
      flowEvents: {
        oneIn: 0,
        read: 0,
        lost: { opened: 0, closed: 0, flows: 0 },
        accessLog: { written: 0, dropped: 0 },
      },
    },
    holder: {
      ready: true,
      closed: true,
      open: 0,
      answers: 500,
      broken: 0,
      switched: 0,
      byTarget: byName(() => ({ target1: HELD })),
      datagrams: tallies(30),
      complaints: [],
    },
    churns: [
      {
        generation: 1,
        started: 1000,
        finished: 1000,
        failed: 0,
        wrong: 0,
        slowestMs: 20,
        byTarget: byName(() => ({ target1: FLOWS - HELD })),
        datagrams: tallies(70),
        idle: true,
        complaints: [],
      },
    ],
    servers: {
      target1: {
        addresses: Object.values(ADDRESSES),
        accepted: byName(() => FLOWS),
        received: byName(() => count(100)),
        sent: byName(() => count(100)),
      },
    },
    errors: [],
    accessLog: { records: 1000, spoilt: [] },
  };
}

function targetReport({ name, family, port }: ReturnType<typeof allServices>[number]): TargetReport {
  const header = family === 'v4' ? 28 : 48;
  const traffic = { packets: 100, bytes: 100 * (DATAGRAM_BYTES + header) };
  const target = family === 'v4' ? `${ADDRESSES.v4}:${port}` : `[${ADDRESSES.v6}]:${port}`;
  const counts = { flows: FLOWS, forward: traffic, reply: traffic, attempts: ATTEMPTS };
  return { proxy: name, target, weight: 100, pools: ['default'], activeFlows: 0, ...counts };
}

function sampleAt(index: number): Sample {
  const figures = { pid: 1, rssBytes: 100 * MIB, heapBytes: 20 * MIB, descriptors: 40 };
  return { ...figures, atMs: index * 1000, isSteady: index >= 8 };
}
