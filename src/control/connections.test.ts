import { describe, expect, it } from 'vitest';
import type { FlowEntry } from '../datapath/index.ts';
import type { ConnectionFilter } from '../report/index.ts';
import { type FlowSource, listConnections } from './connections.ts';
import { emptyTables, type TableState } from './table-state.ts';

const NOW_NS = process.hrtime.bigint();
const SECOND_NS = 1_000_000_000n;

function flow(overrides: Partial<FlowEntry>): FlowEntry {
  return {
    protocol: 'tcp',
    direction: 'forward',
    state: 'established',
    from: '10.1.1.1:40000',
    to: '10.1.0.1:80',
    newFrom: '10.1.1.1:40000',
    newTo: '10.2.1.1:8080',
    proxyId: 0,
    targetId: 0,
    createdNs: NOW_NS - 60n * SECOND_NS,
    seenNs: NOW_NS - 30n * SECOND_NS,
    packets: 5,
    bytes: 500,
    ...overrides,
  };
}

/** The half of the packets that answer. */
function replyOf(forward: FlowEntry, overrides: Partial<FlowEntry> = {}): FlowEntry {
  const { to, from, newTo, newFrom } = forward;
  return { ...forward, direction: 'reply', from: newTo, to: newFrom, newFrom: to, newTo: from, ...overrides };
}

const first = flow({});
const second = flow({ from: '10.1.1.2:40000', newFrom: '10.1.1.2:40000', newTo: '10.2.1.10:8080' });
const third = flow({
  protocol: 'udp',
  proxyId: 1,
  from: '[2001:db8::1]:53000',
  newFrom: '[fd00:2::ff]:1024',
  to: '[2001:db8::80]:53',
  newTo: '[fd00:2::1]:53',
});

function list(filter: ConnectionFilter = {}, flows = [first, replyOf(first), second, third]) {
  const source: FlowSource = {
    async *flows() {
      yield* flows;
    },
  };
  const state: TableState = {
    ...emptyTables(),
    proxies: new Map([
      ['web', 0],
      ['dns', 1],
    ]),
  };
  return listConnections(source, state, filter);
}

const clients = async (filter: ConnectionFilter) =>
  (await list(filter)).connections.map(({ client }) => client).sort();

describe('listConnections', () => {
  it('makes one connection of both halves: their counters, and the later of their times', async () => {
    const reply = replyOf(first, { packets: 4, bytes: 40_000, seenNs: NOW_NS - 10n * SECOND_NS });
    const { total, connections } = await list({}, [reply, first]);
    expect(total).toBe(1);
    expect(connections).toEqual([
      {
        protocol: 'tcp',
        client: '10.1.1.1:40000',
        listener: '10.1.0.1:80',
        target: '10.2.1.1:8080',
        proxy: 'web',
        state: 'established',
        ageSeconds: expect.closeTo(60, -1),
        idleSeconds: expect.closeTo(10, -1),
        forward: { packets: 5, bytes: 500 },
        reply: { packets: 4, bytes: 40_000 },
      },
    ]);
  });

  it('finds the reply of a client whose address was changed', async () => {
    const { connections } = await list({}, [third, replyOf(third, { packets: 9 })]);
    expect(connections[0]?.reply.packets).toBe(9);
  });

  it('lists a flow whose reply half was evicted', async () => {
    const { connections } = await list({}, [first]);
    expect(connections[0]?.reply).toEqual({ packets: 0, bytes: 0 });
  });

  it.each<[ConnectionFilter, string[]]>([
    [{}, ['10.1.1.1:40000', '10.1.1.2:40000', '[2001:db8::1]:53000']],
    [{ proxy: 'dns' }, ['[2001:db8::1]:53000']],
    [{ proxy: 'nobody' }, []],
    // 10.2.1.10 begins with 10.2.1.1.
    [{ target: '10.2.1.1' }, ['10.1.1.1:40000']],
    [{ target: '10.2.1.10:8080' }, ['10.1.1.2:40000']],
    [{ target: '10.2.1.1:80' }, []],
    [{ target: 'FD00:2:0::1' }, ['[2001:db8::1]:53000']],
    [{ target: '[fd00:2::1]:53' }, ['[2001:db8::1]:53000']],
    [{ client: '10.1.1.1' }, ['10.1.1.1:40000']],
    [{ client: '10.1.1.2:40000' }, ['10.1.1.2:40000']],
    [{ client: '[2001:DB8:0:0::1]:53000' }, ['[2001:db8::1]:53000']],
    [{ proxy: 'web', client: '10.1.1.1', target: '10.2.1.10' }, []],
  ])('with %j lists %j', async (filter, expected) => {
    expect(await clients(filter)).toEqual(expected);
  });

  it('says so when a filter is no address, instead of finding nothing', async () => {
    await expect(list({ target: 'web1' })).rejects.toMatchObject({ code: 'usage' });
    await expect(list({ client: '10.1.1.01' })).rejects.toMatchObject({ code: 'usage' });
  });

  it('counts beyond the limit', async () => {
    const { total, connections } = await list({ limit: 2 });
    expect({ total, listed: connections.length }).toEqual({ total: 3, listed: 2 });
  });

  it('puts the youngest first', async () => {
    const young = flow({ from: '10.1.1.9:1', createdNs: NOW_NS });
    const { connections } = await list({}, [first, young]);
    expect(connections.map(({ client }) => client)).toEqual(['10.1.1.9:1', '10.1.1.1:40000']);
  });
});
