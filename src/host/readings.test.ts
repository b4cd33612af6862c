import { describe, expect, it } from 'vitest';
import { runCommand } from './io.ts';
import { neighbour, readNeighbours } from './neighbours.ts';
import { recordedIo } from './recorded-io.fixture.ts';
import { ipLocalPortRange, readSysctl } from './sysctl.ts';

describe('neighbour', () => {
  const show = (address: string) => `ip -j neigh show to ${address} dev eth0`;
  const io = recordedIo({
    commands: {
      [show('10.0.0.1')]: { stdout: '[{"dst":"10.0.0.1","lladdr":"02:fc:00:00:00:05","state":["STALE"]}]' },
      [show('10.0.0.2')]: { stdout: '[{"dst":"10.0.0.2","state":["FAILED"]}]' },
      [show('10.0.0.3')]: { stdout: '[]' },
    },
  });

  it('gives the link-layer address and state', async () => {
    expect(await neighbour('10.0.0.1', 'eth0', io)).toEqual({
      address: '10.0.0.1',
      dev: 'eth0',
      mac: '02:fc:00:00:00:05',
      state: 'STALE',
    });
  });

  it('gives no link-layer address when resolution failed', async () => {
    expect(await neighbour('10.0.0.2', 'eth0', io)).toMatchObject({ mac: null, state: 'FAILED' });
  });

  it('is null for one that the kernel never asked for', async () => {
    expect(await neighbour('10.0.0.3', 'eth0', io)).toBeNull();
  });

  it('names an interface that does not exist', async () => {
    await expect(neighbour('10.0.0.1', 'nope0')).rejects.toThrow(/Cannot find device "nope0"/);
  });
});

describe('readNeighbours', () => {
  it('gives the whole table with its interfaces', async () => {
    const stdout =
      '[{"dst":"10.0.0.1","dev":"eth0","lladdr":"02:00:00:00:00:05","state":["REACHABLE"]},' +
      '{"dst":"fd00::1","dev":"eth1","state":["FAILED"]}]';
    const io = recordedIo({ commands: { 'ip -j neigh show': { stdout } } });
    expect(await readNeighbours(io)).toEqual([
      { address: '10.0.0.1', dev: 'eth0', mac: '02:00:00:00:00:05', state: 'REACHABLE' },
      { address: 'fd00::1', dev: 'eth1', mac: null, state: 'FAILED' },
    ]);
  });
});

describe('readSysctl', () => {
  it('reads settings of interfaces with dots in their names', async () => {
    const io = recordedIo({ files: { '/proc/sys/net/ipv4/conf/eth0.100/rp_filter': '2' } });
    expect(await readSysctl('net/ipv4/conf/eth0.100/rp_filter', io)).toBe('2');
  });

  it('reads a setting of this host', async () => {
    expect(await readSysctl('net.ipv4.ip_forward')).toMatch(/^[01]$/);
  });

  it('is null for a setting that does not exist', async () => {
    expect(await readSysctl('net.ipv4.no_such_setting')).toBeNull();
  });
});

describe('ipLocalPortRange', () => {
  it('reads both ends', async () => {
    const io = recordedIo({ files: { '/proc/sys/net/ipv4/ip_local_port_range': '32768\t60999' } });
    expect(await ipLocalPortRange(io)).toEqual({ first: 32768, last: 60999 });
  });

  it('says what to do when /proc is missing', async () => {
    await expect(ipLocalPortRange(recordedIo({}))).rejects.toMatchObject({ fix: 'mount -t proc proc /proc' });
  });
});

describe('runCommand', () => {
  it('hands over standard input and returns output and exit status', async () => {
    const result = await runCommand('sh', ['-c', 'cat; echo no >&2; exit 3'], { stdin: 'hello' });
    expect(result).toEqual({ exitCode: 3, stdout: 'hello', stderr: 'no\n' });
  });

  it('says which command is not installed', async () => {
    await expect(runCommand('no-such-command', [])).rejects.toMatchObject({
      code: 'unsupported',
      fix: 'apt-get install no-such-command',
    });
  });

  it('kills a command that takes too long', async () => {
    await expect(runCommand('sleep', ['20'], { timeoutMs: 50 })).rejects.toThrow(/no answer within 50 ms/);
  });

  it('survives a command that does not read its input', async () => {
    const result = await runCommand('true', [], { stdin: 'x'.repeat(1 << 20) });
    expect(result.exitCode).toBe(0);
  });
});
