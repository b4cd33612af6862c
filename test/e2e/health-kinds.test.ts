import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { makeFile, startNginx, startUdpEcho } from '../../lab/index.ts';
import { healthOf } from '../support/health.ts';
import { type ConfigFile, configOf, useScene } from '../support/index.ts';
import { type Authority, makeAuthority, startShell, startTls } from '../support/tls.ts';

/** What one check finds. `ip` is the first target's unless given. */
interface Case {
  readonly name: string;
  readonly port: number;
  readonly ip?: string;
  readonly check: ConfigFile;
  /** What the last check said of a target that is unhealthy; `healthy` otherwise. */
  readonly found: string;
}

const NOBODY = '10.2.1.99';
const HOST = 'shop.example';

/** How long the silent server says nothing, before it closes. */
const SILENCE_SECONDS = 60;

const DRIP = 'printf "HTTP/1.1 200 OK\\r\\nX-Slow: "; while printf z; do sleep 0.1; done';
const ENDLESS = 'printf "HTTP/1.1 200 OK\\r\\n"; while printf "X-More: and more and more\\r\\n"; do :; done';
const REDIRECT = 'printf "HTTP/1.1 302 Found\\r\\nLocation: /\\r\\nContent-Length: 0\\r\\n\\r\\n"; sleep 1';

describe('health checks of real servers', () => {
  let own: Authority;
  let other: Authority;
  const scene = useScene({ clients: 1, targets: 2 }, async ({ lab }) => {
    const [target, second] = [lab.target(0), lab.target(1)];
    [own, other] = await Promise.all([makeAuthority(target, 'own'), makeAuthority(target, 'other')]);
    await makeFile(target, 'huge', 64 * 1024 * 1024);
    await Promise.all([
      startNginx(target),
      startUdpEcho(target),
      startTls(target, 443, HOST, own),
      startShell(target, 81, `sleep ${SILENCE_SECONDS}`),
      startShell(target, 82, DRIP),
      startShell(target, 83, ENDLESS),
      startShell(target, 84, REDIRECT),
      startNginx(lab.balancer, { port: 8088 }),
    ]);
    const rules = [
      'tcp dport 90 reject with icmp type host-unreachable',
      'tcp dport 91 drop',
      'udp dport 91 drop',
    ];
    await second.run(['nft', 'add table inet t; add chain inet t in { type filter hook input priority 0; }']);
    for (const rule of rules) await second.run(['nft', `add rule inet t in ${rule}`]);
    await scene.start(configOf(cases().map(proxyOf), { healthCheckEnabled: true }));
  });

  function cases(): readonly Case[] {
    const second = scene.lab.target(1).v4;
    const local = scene.lab.balancer.interface('back0').addresses4[0] ?? '';
    const https = { type: 'https', path: '/', serverName: HOST, caFile: own.certificate };
    const http = (path: string, more: ConfigFile = {}) => ({ type: 'http', path, ...more });
    return [
      { name: 'tcp', port: 80, check: { type: 'tcp' }, found: 'healthy' },
      { name: 'tcp, closed', port: 9, check: { type: 'tcp' }, found: 'connection_refused' },
      { name: 'tcp, dropped', port: 91, ip: second, check: { type: 'tcp' }, found: 'timeout' },
      { name: 'tcp, ICMP', port: 90, ip: second, check: { type: 'tcp' }, found: 'unreachable' },
      { name: 'tcp, no such host', port: 80, ip: NOBODY, check: { type: 'tcp' }, found: 'timeout' },
      { name: 'tcp, this host', port: 8088, ip: local, check: { type: 'tcp' }, found: 'healthy' },
      { name: 'none, closed', port: 9, check: { type: 'none' }, found: 'healthy' },
      { name: 'http', port: 80, check: http('/'), found: 'healthy' },
      { name: 'http, 404', port: 80, check: http('/files/none'), found: 'unexpected_status' },
      {
        name: 'http, 404 wanted',
        port: 80,
        check: http('/files/none', { expectedCodes: [404] }),
        found: 'healthy',
      },
      { name: 'http, redirect', port: 84, check: http('/'), found: 'unexpected_status' },
      { name: 'http, huge body', port: 80, check: http('/files/huge'), found: 'healthy' },
      { name: 'http, silent', port: 81, check: http('/'), found: 'timeout' },
      { name: 'http, slow', port: 82, check: http('/'), found: 'timeout' },
      { name: 'http, endless', port: 83, check: http('/'), found: 'bad_response' },
      { name: 'http to TLS', port: 443, check: http('/'), found: 'connection_reset' },
      { name: 'https', port: 443, check: https, found: 'healthy' },
      {
        name: 'https, other CA',
        port: 443,
        check: { ...https, caFile: other.certificate },
        found: 'certificate',
      },
      {
        name: 'https, Node CAs',
        port: 443,
        check: { type: 'https', path: '/', serverName: HOST },
        found: 'certificate',
      },
      {
        name: 'https, other name',
        port: 443,
        check: { ...https, serverName: 'x.example' },
        found: 'certificate',
      },
      { name: 'https, no name', port: 443, check: { ...https, serverName: undefined }, found: 'certificate' },
      {
        name: 'https, no verify',
        port: 443,
        check: { type: 'https', path: '/', verify: false },
        found: 'healthy',
      },
      { name: 'https to http', port: 80, check: https, found: 'tls' },
      { name: 'udp', port: 7, check: { type: 'udp', send: 'ping' }, found: 'healthy' },
      { name: 'udp, right', port: 7, check: { type: 'udp', send: 'hex:70', expect: 'p' }, found: 'healthy' },
      {
        name: 'udp, wrong',
        port: 7,
        check: { type: 'udp', send: 'p', expect: 'q' },
        found: 'unexpected_answer',
      },
      { name: 'udp, closed', port: 9, check: { type: 'udp', send: 'p' }, found: 'connection_refused' },
      { name: 'udp, dropped', port: 91, ip: second, check: { type: 'udp', send: 'p' }, found: 'timeout' },
    ];
  }

  function proxyOf({ name, ip, port, check }: Case, index: number): ConfigFile {
    // openssl serves one connection after the other, so these may have to wait.
    const timeoutMs = check.type === 'https' ? 2000 : 500;
    return {
      name,
      listen: { interfaces: ['front0'], port: 1000 + index },
      healthCheck: { intervalMs: 1000, timeoutMs, unhealthyThreshold: 1, ...check },
      defaultTarget: { ip: ip ?? scene.lab.target(0).v4, port },
    };
  }

  it('find what is there, each kind in its words', async () => {
    const wanted = Object.fromEntries(cases().map(({ name, found }) => [name, found]));
    const told = async () => {
      const { proxies } = await scene.balancer.admin.health();
      return Object.fromEntries(
        proxies.map(({ proxy, targets: [target] }) => [
          proxy,
          target?.status === 'unhealthy' ? target.lastError : 'healthy',
        ]),
      );
    };
    await expect.poll(told, { timeout: 15_000, interval: 200 }).toEqual(wanted);
  });

  it('end in time, and leave no socket behind', async () => {
    const { pid } = await scene.balancer.admin.status();
    const open = () => readdirSync(`/proc/${pid}/fd`).length;
    const before = open();
    const [silent] = await healthOf(scene.balancer, 'http, silent');
    // A timer counts from the turn of the event loop in which it was set, which may have begun earlier.
    expect(silent?.lastLatencyMs).toBeGreaterThan(250);
    expect(silent?.lastLatencyMs).toBeLessThan(SILENCE_SECONDS * 1000);
    const rounds = async () => (await healthOf(scene.balancer, 'tcp, dropped'))[0]?.consecutiveFailures ?? 0;
    const seen = await rounds();
    await expect.poll(rounds, { timeout: 20_000 }).toBeGreaterThan(seen + 3);
    expect(open()).toBeLessThan(before + cases().length);
  });

  it('can be forced from the command line, with an exit status', async () => {
    const target = `${scene.lab.target(0).v4}:80`;
    const good = await scene.balancer.sluice('health', 'http', target, '--force');
    expect(good).toMatchObject({ code: 0, stderr: '' });
    expect(good.stdout).toMatch(/^10\.2\.1\.1:80: ok, HTTP 200 \([\d.]+ [um]?s\)\n$/);
    const bad = await scene.balancer.sluice('health', 'http, 404', target, '--force');
    expect(bad.code).toBe(1);
    expect(bad.stdout).toContain('failed, HTTP 404, expected 200, 201, 202, 204');
    expect((await scene.balancer.sluice('health', 'tcp', '--check')).code).toBe(0);
    expect((await scene.balancer.sluice('health', 'tcp, closed', '--check')).code).toBe(1);
  });

  it('refuse a reload whose authorities cannot be read, and go on', async () => {
    const bad = { type: 'https', caFile: '/nowhere/ca.pem' };
    const config = configOf([proxyOf({ name: 'bad', port: 443, check: bad, found: '' }, 0)], {
      healthCheckEnabled: true,
    });
    await expect(scene.balancer.reload(config)).rejects.toThrow(/file_unreadable.*\/nowhere\/ca\.pem/);
    expect((await scene.balancer.admin.health()).proxies).toHaveLength(cases().length);
  });
});
