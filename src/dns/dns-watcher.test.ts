import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../clock/fake-clock.fixture.ts';
import { DnsWatcher, type DnsWishes } from './dns-watcher.ts';
import { FakeNames } from './fake-names.fixture.ts';
import type { DnsEvent } from './status.ts';

const name = (hostname: string, refreshSec = 30) => ({ hostname, refreshSec, where: `proxy of ${hostname}` });

describe('DnsWatcher', () => {
  let clock: FakeClock;
  let names: FakeNames;
  let watcher: DnsWatcher;
  let events: DnsEvent[];

  beforeEach(() => {
    clock = new FakeClock();
    names = new FakeNames();
    watcher = new DnsWatcher({ lookUp: names.lookUp, clock });
    events = [];
    watcher.subscribe((event) => events.push(event));
    names.set('a.test', ['10.0.0.1', '10.0.0.2']);
    names.set('b.test', ['fd00::1']);
  });

  const follow = async (...wanted: DnsWishes['names']) =>
    (await watcher.prepare({ names: wanted, servers: [] })).commit();
  const addressesOf = (hostname: string) =>
    watcher.endpoints.get(hostname)?.map(({ address }) => address) ?? null;

  it('resolves names before it follows them, and shares a name among its addresses', async () => {
    await follow(name('a.test'), name('b.test'));
    expect(watcher.endpoints).toEqual(
      new Map([
        [
          'a.test',
          [
            { address: '10.0.0.1', share: 0.5 },
            { address: '10.0.0.2', share: 0.5 },
          ],
        ],
        ['b.test', [{ address: 'fd00::1', share: 1 }]],
      ]),
    );
    expect(events).toContainEqual({
      type: 'dnsResolved',
      hostname: 'b.test',
      added: ['fd00::1'],
      removed: [],
      changed: true,
    });
  });

  it('refuses names that cannot be resolved, all of them with their places, and changes nothing', async () => {
    await follow(name('b.test'));
    const refused = watcher.prepare({ names: [name('a.test'), name('x.test'), name('y.test')], servers: [] });
    await expect(refused).rejects.toMatchObject({
      code: 'unreachable',
      details: [
        { where: 'proxy of x.test', message: 'x.test: queryA ENOTFOUND x.test' },
        { where: 'proxy of y.test', message: 'y.test: queryA ENOTFOUND y.test' },
      ],
    });
    expect([...watcher.endpoints.keys()]).toEqual(['b.test']);
    expect(clock.waiting).toBe(1);
  });

  it('asks again when the interval is over, and tells what came and went', async () => {
    await follow(name('a.test', 10));
    names.set('a.test', ['10.0.0.2', '10.0.0.3']);
    await clock.pass(9_999);
    expect(addressesOf('a.test')).toEqual(['10.0.0.1', '10.0.0.2']);
    await clock.pass(1);
    expect(addressesOf('a.test')).toEqual(['10.0.0.2', '10.0.0.3']);
    expect(events.at(-1)).toEqual({
      type: 'dnsResolved',
      hostname: 'a.test',
      added: ['10.0.0.3'],
      removed: ['10.0.0.1'],
      changed: true,
    });
  });

  it('asks earlier when the records live shorter, but at most once a second', async () => {
    names.set('a.test', ['10.0.0.1'], 4);
    names.set('b.test', ['fd00::1'], 0);
    await follow(name('a.test', 30), name('b.test', 30));
    names.asked.length = 0;
    await clock.pass(12_000);
    expect(names.asked.filter((each) => each === 'a.test')).toHaveLength(3);
    expect(names.asked.filter((each) => each === 'b.test')).toHaveLength(12);
  });

  it('keeps the last good answer while names fail, tries sooner, and recovers', async () => {
    await follow(name('a.test', 30));
    names.fail('a.test', 'queryA ETIMEOUT a.test');
    await clock.pass(30_000 + 1_000 + 2_000 + 4_000);
    expect(addressesOf('a.test')).toEqual(['10.0.0.1', '10.0.0.2']);
    expect(watcher.status()).toMatchObject([
      { hostname: 'a.test', consecutiveFailures: 4, lastError: 'queryA ETIMEOUT a.test' },
    ]);
    expect(events.filter(({ type }) => type === 'dnsFailed')).toHaveLength(4);
    names.set('a.test', ['10.0.0.9']);
    await clock.pass(8_000);
    expect(addressesOf('a.test')).toEqual(['10.0.0.9']);
    expect(watcher.status()).toMatchObject([{ consecutiveFailures: 0, lastError: null }]);
  });

  it('keeps what it knows of names that stay, and lets others go at the commit only', async () => {
    await follow(name('a.test'), name('b.test'));
    names.set('c.test', ['10.0.0.7']);
    names.asked.length = 0;
    const change = await watcher.prepare({ names: [name('b.test'), name('c.test')], servers: [] });
    expect(names.asked).toEqual(['c.test']);
    expect([...watcher.endpoints.keys()]).toEqual(['a.test', 'b.test', 'c.test']);
    await change.commit();
    expect([...watcher.endpoints.keys()]).toEqual(['b.test', 'c.test']);
    expect(clock.waiting).toBe(2);
  });

  it('tells whether an answer changes anything', async () => {
    await follow(name('a.test', 10));
    await clock.pass(10_000);
    expect(events.at(-1)).toMatchObject({ type: 'dnsResolved', added: [], removed: [], changed: false });
  });

  it('asks other servers as soon as it is told, unless the change is taken back', async () => {
    await follow(name('a.test', 10));
    names.set('b.test', ['10.0.0.7']);
    await (await watcher.prepare({ names: [name('b.test')], servers: ['192.0.2.53'] })).rollback();
    await clock.pass(10_000);
    expect(names.servers).toEqual([[], ['192.0.2.53'], []]);
    await (await watcher.prepare({ names: [name('a.test', 10)], servers: ['192.0.2.53'] })).commit();
    await clock.pass(10_000);
    expect(names.servers.at(-1)).toEqual(['192.0.2.53']);
  });

  it('takes a change back', async () => {
    await follow(name('a.test'));
    await (await watcher.prepare({ names: [name('b.test')], servers: [] })).rollback();
    expect([...watcher.endpoints.keys()]).toEqual(['a.test']);
    expect(clock.waiting).toBe(1);
  });

  it('resolves a name of several targets as often as the most impatient one wants', async () => {
    await follow(name('a.test', 30), name('a.test', 5), name('a.test', 10));
    expect(names.asked).toEqual(['a.test']);
    await clock.pass(5_000);
    expect(names.asked).toHaveLength(2);
    await follow(name('a.test', 20));
    await clock.pass(19_999);
    expect(names.asked).toHaveLength(2);
    await clock.pass(1);
    expect(names.asked).toHaveLength(3);
  });

  it('resolves a name when it is told to, once for all who ask at that time', async () => {
    await follow(name('a.test'));
    names.set('a.test', ['10.0.0.5']);
    const [one, two] = await Promise.all([watcher.resolveNow('A.test'), watcher.resolveNow('a.test')]);
    expect(one).toEqual(two);
    expect(one.endpoints).toEqual([{ address: '10.0.0.5', share: 1 }]);
    expect(names.asked).toHaveLength(2);
    await expect(watcher.resolveNow('z.test')).rejects.toMatchObject({
      code: 'not_found',
      fix: 'hosts are: a.test',
    });
  });

  it('asks nothing more once it is closed', async () => {
    await follow(name('a.test', 1));
    await watcher.close();
    await clock.pass(60_000);
    expect(names.asked).toHaveLength(1);
    expect(clock.waiting).toBe(0);
  });
});
