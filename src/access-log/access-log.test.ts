import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FlowClosed } from '../events/index.ts';
import { AccessLog, type AccessLogOptions } from './access-log.ts';
import { recordWriter } from './format.ts';

const FLOW: FlowClosed = {
  type: 'flowClosed',
  proxy: 'web',
  protocol: 'tcp',
  client: '192.0.2.7:40000',
  listener: '10.1.0.1:443',
  target: '10.2.0.2:8443',
  route: 'sni',
  sni: 'a.example',
  reason: 'fin',
  openedAt: '2026-11-02T03:04:05.678Z',
  durationMs: 1500.4,
  forward: { packets: 6, bytes: 600 },
  reply: { packets: 4, bytes: 9000 },
  complete: true,
};
const ENDED_AT_MS = Date.parse('2026-11-02T03:04:07.178Z');
const ended = (flow: Partial<FlowClosed> = {}) => ({ flow: { ...FLOW, ...flow }, endedAtMs: ENDED_AT_MS });

describe('a record', () => {
  it('is in JSON what the event says, with the time of its end', () => {
    const { type: _, ...flow } = FLOW;
    expect(JSON.parse(recordWriter('json')(ended()))).toEqual({ at: '2026-11-02T03:04:07.178Z', ...flow });
  });

  it('is in JSON what JSON.stringify writes, whatever names, numbers and times there are', () => {
    const write = recordWriter('json');
    const count = fc.record({ packets: fc.nat(), bytes: fc.nat({ max: Number.MAX_SAFE_INTEGER }) });
    const flows = fc.record({
      proxy: fc.string({ unit: 'binary' }),
      sni: fc.option(fc.string({ unit: 'binary' })),
      durationMs: fc.double({ min: 0, max: 1e12, noNaN: true }),
      forward: count,
      reply: count,
      complete: fc.boolean(),
    });
    const times = fc.double({ min: 0, max: 4e12, noNaN: true });
    fc.assert(
      fc.property(flows, times, (some, endedAtMs) => {
        const flow = { ...FLOW, ...some };
        const { type: _, ...rest } = flow;
        const plain = JSON.stringify({ at: new Date(endedAtMs).toISOString(), ...rest });
        expect(write({ flow, endedAtMs })).toBe(`${plain}\n`);
      }),
    );
  });

  it('is a line of the common log format, whose status stands for the reason', () => {
    expect(recordWriter('clf')(ended())).toBe(
      '192.0.2.7 - web [02/Nov/2026:03:04:07 +0000] "TCP a.example 10.2.0.2:8443" 200 9000\n',
    );
    const refused = ended({ client: '[2001:db8::7]:1', reason: 'refused', sni: null, proxy: 'my "web"' });
    expect(recordWriter('clf')(refused)).toBe(
      '2001:db8::7 - my__web_ [02/Nov/2026:03:04:07 +0000] "TCP 10.1.0.1:443 10.2.0.2:8443" 502 9000\n',
    );
  });

  it('is a line as HAProxy logs TCP', () => {
    expect(recordWriter('tcplog')(ended())).toBe(
      '192.0.2.7:40000 [02/Nov/2026:03:04:05.678] web web/10.2.0.2:8443 -1/-1/1500 9000 -- 0/0/0/0/0 0/0\n',
    );
    expect(recordWriter('tcplog')(ended({ reason: 'refused' }))).toContain(' 9000 SC ');
  });
});

describe('the access log', () => {
  let folder: string;
  let path: string;
  const losses: [number, string][] = [];
  const open = (options: Partial<AccessLogOptions> = {}) =>
    new AccessLog({
      path,
      format: 'tcplog',
      maxBytes: 0,
      maxFiles: 2,
      nowMs: () => 0,
      onLoss: (count, why) => losses.push([count, why]),
      ...options,
    });
  const ports = (file: string) =>
    [...readFileSync(file, 'utf8').matchAll(/^192\.0\.2\.7:(\d+) /gm)].map(([, port]) => Number(port));
  const note = (log: AccessLog, port: number) => log.note(ended({ client: `192.0.2.7:${port}` }));

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-log-'));
    path = join(folder, 'access.log');
    losses.length = 0;
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('has every record once, in order, when it is closed', async () => {
    const log = open();
    for (let port = 1; port <= 5000; port++) note(log, port);
    await log.close();
    expect(ports(path)).toEqual(Array.from({ length: 5000 }, (_, index) => index + 1));
    expect(log.counts).toEqual({ written: 5000, dropped: 0 });
  });

  it('begins another file when one is large enough, and keeps so many', async () => {
    const log = open({ maxBytes: 200 });
    for (let port = 1; port <= 9; port++) {
      note(log, port);
      await log.reopen();
    }
    await log.close();
    expect(readdirSync(folder).sort()).toEqual(['access.log.1', 'access.log.2']);
    expect(ports(`${path}.1`)).toEqual([9, 8, 7].filter((port) => ports(`${path}.1`).includes(port)).sort());
    expect(ports(`${path}.1`).at(-1)).toBe(9);
    expect(ports(`${path}.2`).at(-1)).toBe((ports(`${path}.1`)[0] ?? 0) - 1);
  });

  it('writes to a new file under its name after it was opened anew', async () => {
    const log = open();
    note(log, 1);
    await log.reopen();
    renameSync(path, `${path}.old`);
    await log.reopen();
    note(log, 2);
    await log.close();
    expect([ports(`${path}.old`), ports(path)]).toEqual([[1], [2]]);
  });

  it('goes on writing to a file that was renamed until it is opened anew', async () => {
    const log = open();
    const written = () => existsSync(path) && ports(path).length === 1;
    note(log, 1);
    await expect.poll(written).toBe(true);
    renameSync(path, `${path}.old`);
    note(log, 2);
    await log.close();
    expect(ports(`${path}.old`)).toEqual([1, 2]);
  });

  it('drops and counts what a file cannot take, and says so once a minute', async () => {
    let nowMs = 0;
    const log = open({ path: join(folder, 'missing', 'access.log'), nowMs: () => nowMs });
    note(log, 1);
    note(log, 2);
    await log.reopen();
    note(log, 3);
    await log.reopen();
    expect(log.counts).toEqual({ written: 0, dropped: 3 });
    expect(losses).toEqual([[2, expect.stringContaining('ENOENT')]]);
    nowMs = 60_000;
    note(log, 4);
    await log.close();
    expect(losses.map(([count]) => count)).toEqual([2, 2]);
  });

  it('keeps nobody waiting: beyond 8 MB that wait it drops', async () => {
    const log = open();
    const huge = ended({ proxy: 'x'.repeat(1_000_000) });
    for (let count = 0; count < 10; count++) log.note(huge);
    expect(log.counts.dropped).toBeGreaterThan(0);
    await log.close();
    expect(log.counts.written + log.counts.dropped).toBe(10);
    expect(ports(path).length).toBe(log.counts.written);
  });

  it('never renames what is no file', async () => {
    symlinkSync('/dev/null', path);
    await using log = open({ maxBytes: 10, maxFiles: 1 });
    for (let count = 0; count < 3; count++) {
      log.note(ended());
      await log.reopen();
    }
    expect(log.counts).toEqual({ written: 3, dropped: 0 });
    expect(readdirSync(folder)).toEqual([basename(path)]);
  });
});
