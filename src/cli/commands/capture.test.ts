import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sampleCapture } from '../../admin/sample-view.fixture.ts';
import { REASON_NAMES, Reason } from '../../datapath/generated/abi.ts';
import { REASON_WORDS } from '../format/reason.ts';
import { useSampleDaemon } from '../sample-daemon.fixture.ts';

const { daemon, run } = useSampleDaemon();

describe('sluice capture', () => {
  it('shows each packet before and after, what became of it and why, and the end on standard error', async () => {
    const { status, out, err } = await run('capture');
    expect(status).toBe(0);
    expect(out.split('\n')).toEqual([
      '03:04:05.000123 eth0 tc_ingress  198.51.100.7:40000 > 192.0.2.2:80  =>  198.51.100.7:40000 > 10.0.0.1:8080  tcp S seq 1000 ack 0, ttl 64 => 63, length 74',
      '  forwarded new_flow, web with 10.0.0.1:8080: the first packet of a connection: a target was chosen',
      '03:04:05.000456 eth0 tc_ingress  198.51.100.7:40000 > 192.0.2.2:80  tcp S seq 1000 ack 0, length 74',
      '  dropped no_target, web: the pool has no target',
      '',
    ]);
    expect(err).toBe(
      'capturing; Ctrl-C ends it\n' +
        '2 packets of 5 that matched, 3 lost: they were too many (see --one-in); that is as many as were wanted\n',
    );
  });

  it('asks for what its words and options say', async () => {
    await run(
      ...['capture', 'host', '10.0.0.7', 'and', 'tcp', '--dropped', '--reason', 'no_listener', '-i', 'eth0'],
      ...['--hook', 'xdp_ingress', '-c', '5', '--duration', '3', '--one-in', '2', '--bytes', '64'],
    );
    const [asked = ''] = daemon().view.asked;
    expect(JSON.parse(asked.replace('capture ', ''))).toEqual({
      filter: 'host 10.0.0.7 and tcp',
      reasons: ['no_listener', 'dropped'],
      hooks: ['xdp_ingress'],
      interface: 'eth0',
      durationMs: 3000,
      count: 5,
      oneIn: 2,
      bytes: 64,
    });
  });

  it('gives the lines as JSON', async () => {
    const { out } = await run('capture', '-o', 'json');
    const lines = out.trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(sampleCapture);
  });

  it('writes a pcapng file instead of showing anything', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-capture-'));
    try {
      const path = join(folder, 'a.pcapng');
      const { status, out } = await run('capture', '-w', path);
      expect([status, out]).toEqual([0, '']);
      expect((await readFile(path)).readUInt32LE(0)).toBe(0x0a0d0d0a);
      expect((await run('capture', '-w', join(folder, 'nowhere', 'a'))).status).toBe(64);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('has words for every reason', () => {
    const names = Object.entries(REASON_NAMES).flatMap(([value, name]) =>
      Number(value) === Reason.none ? [] : [name],
    );
    expect(names.filter((name) => REASON_WORDS[name] === undefined)).toEqual([]);
    expect(Object.keys(REASON_WORDS).filter((name) => !names.includes(name))).toEqual([]);
  });
});
