import { describe, expect, it } from 'vitest';
import type { StageRecord } from '../record.ts';
import { judgeStage } from './judge.ts';
import { goodRecord } from './sample-record.fixture.ts';

const MIB = 2 ** 20;
const good = goodRecord();
const failed = (record: StageRecord) => judgeStage(record).filter(({ passed }) => !passed);

/** A copy with one target's report of a service changed. */
function withTarget(proxy: string, change: (flows: number) => object): StageRecord {
  const targets = good.stats.targets.map((each) =>
    each.proxy === proxy ? { ...each, ...change(each.flows) } : each,
  );
  return { ...good, stats: { ...good.stats, targets } };
}

function withServer(change: Partial<StageRecord['servers'][string]>): StageRecord {
  const [[name, server] = ['', undefined]] = Object.entries(good.servers);
  if (server === undefined) throw new Error('the sample has a server');
  return { ...good, servers: { [name]: { ...server, ...change } } };
}

function withSteady(change: (index: number) => object): StageRecord {
  const samples = good.samples.map((each, index) => (each.isSteady ? { ...each, ...change(index) } : each));
  return { ...good, samples };
}

describe('the judge of a soak', () => {
  it('finds nothing wrong where nothing is', () => {
    expect(failed(good)).toEqual([]);
    expect(judgeStage(good).length).toBeGreaterThan(15);
  });

  const { holder, changes, drain, kernel, servers } = good;
  const [churn] = good.churns;
  const server = Object.values(servers)[0];
  if (churn === undefined || server === undefined) throw new Error('the sample has clients and a server');
  const traffic = (packets: number, bytes: number) => ({ forward: { packets, bytes } });

  it.each<[string, StageRecord]>([
    ['held conversations reset or silent', { ...good, holder: { ...holder, broken: 1 } }],
    ['held conversations moved to another target', { ...good, holder: { ...holder, switched: 1 } }],
    ['short connections failed', { ...good, churns: [{ ...churn, failed: 1 }] }],
    [
      'short connections at a wrong target',
      { ...good, churns: [churn, { ...churn, wrong: 1, byTarget: {}, datagrams: {} }] },
    ],
    ['reloads failed', { ...good, changes: { ...changes, refusals: ['no'] } }],
    ['restarts that adopted nothing', { ...good, changes: { ...changes, strangers: 1 } }],
    ['errors in the log', { ...good, errors: ['oh'] }],
    ['captures refused or cut off', { ...good, changes: { ...changes, badCaptures: ['no'] } }],
    ['captures refused or cut off', { ...good, changes: { ...changes, capturedPackets: 0 } }],
    ['lines of the access log that are none', { ...good, accessLog: { records: 9, spoilt: ['{'] } }],
    ['lines of the access log that are none', { ...good, accessLog: { records: 0, spoilt: [] } }],
    ['counters that went down', { ...good, decreases: [{ what: 'total flows', before: 2, after: 1 }] }],
    ['flows = accepted = counted by clients', withTarget('web-nat-v4', (flows) => ({ flows: flows + 1 }))],
    ['flows = accepted = counted by clients', withTarget('echo-snat-v6', () => ({ target: '10.9.9.9:1' }))],
    [
      'flows = accepted = counted by clients',
      withServer({ accepted: { ...server.accepted, 'guest-nat-v6': 11 } }),
    ],
    [
      'datagrams and bytes: sent = counted = received',
      withTarget('talk-nat-v4', () => traffic(101, 101 * 48)),
    ],
    ['datagrams and bytes: sent = counted = received', withTarget('talk-nat-v4', () => traffic(99, 99 * 48))],
    [
      'datagrams and bytes: sent = counted = received',
      withTarget('talk-snat-v6', () => traffic(100, 100 * 48)),
    ],
    ['SYNs of floods that opened a flow', { ...good, changes: { ...changes, syns: 1000 } }],
    ['growth of resident memory', withSteady((index) => ({ rssBytes: (100 + 4 * index) * MIB }))],
    ['growth of the live heap', withSteady((index) => ({ heapBytes: (20 + index) * MIB }))],
    ['growth of descriptors', withSteady((index) => ({ descriptors: 40 + index }))],
    ['flows when only held conversations are left', { ...good, drain: { ...drain, afterChurn: 3 } }],
    ['flows when everybody has gone', { ...good, drain: { ...drain, atEnd: 1 } }],
    [
      'programs held by the daemon',
      {
        ...good,
        kernel: { ...kernel, after: { ...kernel.after, open: { programs: 5, maps: 15, links: 0 } } },
      },
    ],
    ['pins', { ...good, kernel: { ...kernel, after: { ...kernel.after, pins: 27 } } }],
    ['bytes of maps', { ...good, kernel: { ...kernel, after: { ...kernel.after, mapBytes: 1001 } } }],
  ])('sees it, and only it: %s', (name, record) => {
    expect(failed(record).map((check) => check.name)).toEqual([name]);
  });

  it('allows a datagram that was lost and sent again, and not one that was not', () => {
    const lossy = (resent: number): StageRecord => {
      const tally = churn.datagrams['talk-nat-v4'];
      if (tally === undefined) throw new Error('the sample has datagrams');
      const sent = { packets: tally.sent.packets + 1, bytes: tally.sent.bytes + 20 };
      const datagrams = { ...churn.datagrams, 'talk-nat-v4': { ...tally, sent, resent } };
      return { ...good, churns: [{ ...churn, datagrams }] };
    };
    expect(failed(lossy(1))).toEqual([]);
    expect(failed(lossy(0)).map(({ name }) => name)).toEqual([
      'datagrams and bytes: sent = counted = received',
    ]);
  });

  it('does not pass what it cannot tell: memory without samples', () => {
    expect(failed({ ...good, samples: [] }).map(({ name }) => name)).toEqual([
      'growth of resident memory',
      'growth of the live heap',
      'growth of descriptors',
    ]);
  });

  it('gives examples of what is wrong', () => {
    const [check] = failed({ ...good, errors: ['{"msg":"oh"}'] });
    expect(check).toMatchObject({ stage: 'tc', figure: '1 of 5 daemons', complaints: ['{"msg":"oh"}'] });
  });
});
