import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { fetchMany, httpUrl, startNginx } from '../../lab/index.ts';
import { routesOf } from '../../src/admin/api/refuse.ts';
import { createAdminApp } from '../../src/admin/app.ts';
import { SampleView } from '../../src/admin/sample-view.fixture.ts';
import { makeCertificate } from '../../src/admin/tcp/tcp.fixture.ts';
import type { StampedEvent } from '../../src/events/index.ts';
import type { TraceReport } from '../../src/report/index.ts';
import { checkedSettings, untilChecked } from '../support/health.ts';
import { type Balancer, useScene, webConfig } from '../support/index.ts';

const PORT = 8081;
const URL_OF_API = `https://127.0.0.1:${PORT}`;
const TOKEN = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b';

/** Routes of a proxy that nobody asks for anything. */
const ROUTES = { proxy: 'routed', source: '192.0.2.0/24', hostname: 'a.example' };

/** The configuration, and a proxy with routes. */
function withRoutes(config: ReturnType<typeof webConfig>, ip: string): ReturnType<typeof webConfig> {
  const target = { ip, port: 80 };
  const routed = {
    name: ROUTES.proxy,
    listen: { interfaces: ['front0'], port: 443, protocol: 'tcp' },
    defaultTarget: target,
    sourceRoutes: [{ source: ROUTES.source, target }],
    sniRoutes: [{ sniHostname: ROUTES.hostname, target }],
  };
  const proxies = Array.isArray(config.proxies) ? config.proxies : [];
  return { ...config, proxies: [...proxies, routed] };
}

describe('the admin API of a real balancer', () => {
  let tokenFile: string;
  let certFile: string;
  let targets: readonly string[];
  let config: ReturnType<typeof webConfig>;

  const scene = useScene({ clients: 1, targets: 2 }, async (opened) => {
    const { lab } = opened;
    await Promise.all(lab.targets.map((target) => startNginx(target)));
    tokenFile = join(lab.directory, 'token');
    await writeFile(tokenFile, `${TOKEN}\n`, { mode: 0o600 });
    const tls = await makeCertificate(lab.directory, 'api');
    certFile = tls.certFile;
    targets = lab.targets.map(({ v4 }) => v4);
    const adminApi = { enabled: true, address: '0.0.0.0', port: PORT, tokenFile, tls };
    config = withRoutes(
      webConfig({ targets, settings: { ...checkedSettings(), adminApi } }),
      targets[0] ?? '',
    );
    await opened.start(config);
  });
  let balancer: Balancer;
  beforeAll(() => {
    balancer = scene.balancer;
  });

  const curl = async (...args: string[]) => {
    const { stdout } = await scene.lab.balancer.exec(['curl', '-s', '-w', '\n%{http_code}', ...args]);
    const cut = stdout.lastIndexOf('\n');
    return { status: Number(stdout.slice(cut + 1)), body: stdout.slice(0, cut) };
  };
  const onSocket = (path: string) => curl('--unix-socket', balancer.adminSocket, `http://sluice${path}`);

  it('answers every route that reads as its document says', async () => {
    await untilChecked(balancer);
    await fetchMany(scene.lab.client(0), httpUrl(scene.lab.vip4), { count: 5 });
    const target = `${targets[0]}:80`;
    const fill = (path: string): Readonly<Record<string, string>> =>
      path.includes('-routes/') ? ROUTES : { proxy: 'web', target };
    const isRead = ({ method, path }: { method: string; path: string }) =>
      method === 'get' && path !== '/v1/events';
    const routes = routesOf(createAdminApp(new SampleView())).filter(isRead);
    expect(routes.length).toBeGreaterThan(10);
    for (const { path, responses } of routes) {
      const query =
        path === '/v1/trace' ? `?client=${scene.lab.client(0).v4}&destination=${scene.lab.vip4}:80` : '';
      const { status, body } = await onSocket(
        `${path.replaceAll(/\{(.+?)\}/g, (_all, name: string) => encodeURIComponent(fill(path)[name] ?? ''))}${query}`,
      );
      expect([path, status]).toEqual([path, 200]);
      const ok = responses[200];
      const content = ok && 'content' in ok ? ok.content?.['application/json'] : undefined;
      const schema = content && 'schema' in content ? content.schema : undefined;
      if (schema instanceof z.ZodType) schema.parse(JSON.parse(body));
      else expect(content).toBeUndefined();
    }
    expect((await onSocket('/readyz')).body).toBe('{"ready":true,"reasons":[]}');
  });

  it('tells where a connection goes, which is where it went', async () => {
    const { v4: client } = scene.lab.client(0);
    const { byTarget } = await fetchMany(scene.lab.client(0), httpUrl(scene.lab.vip4), { count: 30 });
    expect(Object.keys(byTarget).length).toBe(2);
    const { code, stdout } = await balancer.sluice(
      'trace',
      client,
      '->',
      `${scene.lab.vip4}:80`,
      '-o',
      'json',
    );
    const report: TraceReport = JSON.parse(stdout);
    expect([code, report.outcome, report.proxy, report.pool]).toEqual([0, 'balanced', 'web', 'default']);
    expect(report.candidates.map(({ target }) => target)).toEqual(targets.map((ip) => `${ip}:80`));
    expect(report.flows.length).toBeGreaterThan(0);
    expect((await balancer.sluice('trace', client, `${scene.lab.vip4}:81`)).code).toBe(1);
  });

  it('is served by TLS to who has the token', async () => {
    const bearer = ['-H', `Authorization: Bearer ${TOKEN}`];
    expect((await curl('--cacert', certFile, ...bearer, `${URL_OF_API}/v1/status`)).status).toBe(200);
    expect((await curl('--cacert', certFile, `${URL_OF_API}/v1/status`)).status).toBe(401);
    expect((await curl(...bearer, `${URL_OF_API}/v1/status`)).status).toBe(0);
    const remote = ['--admin-url', URL_OF_API, '--token-file', tokenFile, '--admin-ca', certFile];
    const sluice = await scene.lab.balancer.exec([
      join(import.meta.dirname, '../../bin/sluice'),
      'targets',
      ...remote,
    ]);
    expect(sluice).toMatchObject({ code: 0, stdout: expect.stringContaining(`${targets[0]}:80`) });
    expect(balancer.process.output).not.toContain(TOKEN);
  });

  it('tells what happens: a reload, a drain and its end, and the weights', async () => {
    const target = `${targets[0]}:80`;
    const argv = [
      join(import.meta.dirname, '../../bin/sluice'),
      'events',
      '-f',
      '-o',
      'json',
      '--limit',
      '0',
    ];
    const follower = scene.lab.balancer.spawn([...argv, '--admin-socket', balancer.adminSocket]);
    const events = () =>
      follower.stdout
        .split('\n')
        .filter((line) => line !== '')
        .map((line): StampedEvent => JSON.parse(line));
    const types = () => events().map(({ type }) => type);
    // Whoever follows without past events hears only what comes once it is there.
    await expect
      .poll(
        async () => {
          await balancer.reload(config);
          return types();
        },
        { interval: 300, timeout: 10_000 },
      )
      .toContain('configurationApplied');
    await balancer.admin.setTargetState('web', target, 'drain', 5_000);
    await expect.poll(types).toContain('drainEnded');
    await balancer.admin.setTargetState('web', target, 'ready');
    await expect.poll(() => types().filter((type) => type === 'targetStateChanged').length).toBe(2);
    const told = events().filter(({ type }) => type !== 'configurationApplied');
    expect(told).toMatchObject([
      { type: 'weightsUpdated', proxy: 'web', effectiveWeights: [0, 100] },
      { type: 'targetStateChanged', proxy: 'web', target, state: 'drain' },
      { type: 'drainStarted', target, timeoutMs: 5_000 },
      { type: 'drainEnded', target, status: 'completed', currentConnections: 0 },
      { type: 'weightsUpdated', effectiveWeights: [50, 50] },
      { type: 'targetStateChanged', target, state: 'ready' },
    ]);
    follower.kill('SIGINT');
    expect(await follower.exited).toBe(0);
  });
});
