import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fetchMany, httpUrl, startNginx, startPrometheus } from '../../lab/index.ts';
import { webConfig } from '../support/configs.ts';
import { useScene } from '../support/scene.ts';

const FETCHES = 60;
/** Metrics of the kernel, whose values outlive the daemon. */
const OF_KERNEL = ['lb_connections_total', 'lb_connect_attempts_total', 'lb_packets_total', 'lb_bytes_total'];

describe('with settings.metrics', () => {
  const served: Record<string, number> = {};
  const config = (metrics: object) => {
    const targets = scene.lab.targets.map(({ v4 }) => v4);
    const settings = { metrics, healthCheckEnabled: true, healthCheckDefaults: { intervalMs: 1000 } };
    return webConfig({ targets, weights: [70, 30], settings });
  };
  const scene = useScene({ targets: 2 }, async (scene) => {
    await Promise.all(scene.lab.targets.map((target) => startNginx(target)));
    await scene.start(config({ enabled: true }));
    const { byTarget, errors } = await fetchMany(scene.lab.client(0), httpUrl(scene.lab.vip4), {
      count: FETCHES,
    });
    expect(errors).toEqual({});
    Object.assign(served, byTarget);
  });
  const scrape = (url = 'http://127.0.0.1:9090/metrics') => scene.lab.balancer.run(['curl', '-sSf', url]);

  /** Value of every series of some metrics. */
  async function valuesOf(names: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const lines = (await scrape())
      .split('\n')
      .filter((line) => names.some((name) => line.startsWith(`${name}{`)));
    return new Map(
      lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]),
    );
  }

  it('a Prometheus scrapes what the clients and servers have counted', async () => {
    const { lab } = scene;
    await using prometheus = await startPrometheus(lab.balancer, '127.0.0.1:9090');
    const value = async (expression: string) => (await prometheus.query(expression))[0]?.value;
    await expect.poll(() => value('sum(lb_connections_total)'), { timeout: 30_000 }).toBe(FETCHES);
    expect(await value('sum(lb_connect_attempts_total{result="established"})')).toBe(FETCHES);
    for (const [index, target] of lab.targets.entries()) {
      const of = `{proxy_name="web",target_ip="${target.v4}",target_port="80"}`;
      expect(await value(`lb_connections_total${of}`)).toBe(served[target.name] ?? 0);
      expect(await value(`lb_target_share_ratio${of}`)).toBe([0.7, 0.3][index]);
      expect(await value(`lb_backend_health${of}`)).toBe(1);
    }
    expect(await value('up{job="sluice"} and on() lb_ready == 1')).toBe(1);
    expect(await prometheus.query('lb_interface_attached{interface="front0"}')).toMatchObject([
      { labels: { mode: 'tc', role: 'listen' }, value: 1 },
    ]);
    const checks = 'lb_health_check_latency_seconds_count > 0 and lb_health_check_latency_seconds_sum > 0';
    await expect.poll(() => value(`count(${checks})`), { timeout: 30_000 }).toBe(2);
  });

  it('times connects: a SYN that is lost counts with all the time until its repetition is answered', async () => {
    const { lab, balancer } = scene;
    const { targets } = await balancer.admin.latencies();
    const count = (of: typeof targets) => of.reduce((sum, { connects }) => sum + connects, 0);
    expect(count(targets)).toBe(FETCHES);
    const sumOf = async () => {
      const sums = await valuesOf(['lb_connect_latency_seconds_sum']);
      return [...sums.values()].reduce((sum, value) => sum + value, 0);
    };
    const before = await sumOf();
    // A tick of the coarse clock is 4 ms; sixty connects on this machine do not take a second together.
    expect(before).toBeGreaterThan(0);
    const drop =
      'table ip lost { chain in { type filter hook input priority 0; tcp dport 80 tcp flags syn drop; }; }';
    await Promise.all(lab.targets.map((target) => target.run(['nft', drop])));
    const fetching = fetchMany(lab.client(0), httpUrl(lab.vip4), { count: 1, timeoutMs: 20_000 });
    await expect.poll(async () => (await balancer.admin.stats()).totals.flows).toBe(FETCHES + 1);
    await Promise.all(lab.targets.map((target) => target.run(['nft', 'delete', 'table', 'ip', 'lost'])));
    expect((await fetching).errors).toEqual({});
    expect((await sumOf()) - before).toBeGreaterThanOrEqual(1);
    const after = (await balancer.admin.latencies()).targets;
    expect(count(after)).toBe(FETCHES + 1);
    expect(Math.max(...after.map(({ p99Ms }) => p99Ms ?? 0))).toBeGreaterThan(500);
  });

  it('promtool finds nothing to say', async () => {
    const file = join(scene.lab.directory, 'metrics.txt');
    await writeFile(file, await scrape());
    const { code, stdout, stderr } = await scene.lab.balancer.exec([
      'sh',
      '-c',
      `promtool check metrics <${file}`,
    ]);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('the admin API and the command tell the same metrics', async () => {
    const names = (text: string) => [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
    const all = names(await scrape());
    expect(names(await scene.balancer.admin.collectMetrics())).toEqual(all);
    const { code, stdout } = await scene.balancer.sluice('metrics');
    expect({ code, names: names(stdout) }).toEqual({ code: 0, names: all });
  });

  it('only this host can ask, unless the settings name another address, which a reload brings', async () => {
    const { lab, balancer } = scene;
    const url = `http://${lab.vip4}:9191/other`;
    const fromClient = (to: string) => lab.client(0).exec(['curl', '-sSf', '-m', '5', to]);
    expect((await fromClient(`http://${lab.vip4}:9090/metrics`)).code).not.toBe(0);
    await balancer.reload(config({ enabled: true, address: '0.0.0.0', port: 9191, path: '/other' }));
    await expect.poll(async () => (await fromClient(url)).stdout).toContain('\nlb_up 1\n');
    await expect(scrape()).rejects.toThrow();
    await balancer.reload(config({ enabled: true }));
    await expect.poll(() => scrape().catch(String)).toContain('\nlb_up 1\n');
  });

  it('counters of the kernel go on after the daemon was killed', async () => {
    const before = await valuesOf(OF_KERNEL);
    expect(before.size).toBe(18);
    await scene.balancer.crash();
    await scene.balancer.startDaemon();
    await expect.poll(() => scrape().catch(String)).toContain('\nlb_up 1\n');
    const after = await valuesOf(OF_KERNEL);
    const fallen = [...before].filter(([series, value]) => (after.get(series) ?? -1) < value);
    expect(fallen).toEqual([]);
    expect([...before.values()].some((value) => value > 0)).toBe(true);
  });
});
