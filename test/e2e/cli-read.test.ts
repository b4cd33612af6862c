import { statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fetchMany, httpUrl, run } from '../../lab/index.ts';
import type { ConnectionsReport, StatsReport, StatusReport } from '../../src/report/index.ts';
import { SLUICE } from '../support/balancer.ts';
import { Held } from '../support/held.ts';
import { lifecycleConfig, startLifecycleServices } from '../support/lifecycle.ts';
import { useScene } from '../support/scene.ts';

/** Begins every colour and every movement on a terminal. */
const ESCAPE = '\u001b';
const FETCHES = 40;

describe('against a running daemon,', () => {
  const scene = useScene({ clients: 2, targets: 2 }, async (scene) => {
    const { lab } = scene;
    await startLifecycleServices(lab);
    const [first = '', second = ''] = lab.targets.map((target) => target.v4);
    const sourceRoutes = { '10.1.2.0/24': [second] };
    await scene.start(lifecycleConfig({ targets: [first, second], weights: [75, 25], sourceRoutes }));
    const { errors } = await fetchMany(lab.client(0), httpUrl(lab.vip4), { count: FETCHES });
    expect(errors).toEqual({});
    // Six flows and four, which stay open until the lab is gone.
    await Held.open(lab.client(0), lab.vip4, 3);
    await Held.open(lab.client(1), lab.vip4, 2);
  });
  const socket = () => `--admin-socket=${scene.balancer.adminSocket}`;

  /** Output of a command that must succeed and write no word to standard error. */
  async function output(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await scene.balancer.sluice(...args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return stdout;
  }
  const json = async <T>(...args: string[]) => JSON.parse(await output(...args, '-o', 'json')) as T;

  describe('sluice status', () => {
    it('shows instance, interfaces, listeners and targets in plain columns when piped', async () => {
      const { instance, process, configFile } = scene.balancer;
      const lines = (await output('status')).split('\n');
      expect(lines.join('\n')).not.toContain(ESCAPE);
      expect(lines[0]).toBe(`instance  ${instance}`);
      expect(lines[1]).toMatch(new RegExp(`^daemon    sluice \\S+, pid ${process.pid}, up \\d+s$`));
      expect(lines[2]).toBe(`config    ${configFile} (generation 1)`);
      expect(lines).toContain('INTERFACE  ROLE    ATTACHED');
      expect(lines).toContain('front0     listen  tc');
      expect(lines).toContain('back0      reply   tc');
      expect(lines).toContain(`web  ${scene.lab.vip4}:80/tcp  mode nat, weighted-random`);
      expect(lines).toContain(
        `echo  ${scene.lab.vip4}:7/tcp, ${scene.lab.vip4}:7/udp  mode nat, weighted-random`,
      );
      expect(lines.filter((line) => /^10\.2\.1\.1:80 +75% /.test(line))).toHaveLength(1);
      expect(lines.filter((line) => /^10\.2\.2\.1:80 +25% /.test(line))).toHaveLength(1);
    });

    it('says the same as JSON, and as the admin API', async () => {
      const told = await json<StatusReport>('status');
      expect(told).toEqual(await scene.balancer.admin.status());
      expect(told.proxies.map(({ name }) => name)).toEqual(['web', 'echo']);
      expect(told.configHash).toMatch(/^[0-9a-f]{64}$/);
    });

    it('has colours on a terminal, but not when NO_COLOR is set', async () => {
      const command = `${SLUICE} status ${socket()}`;
      const terminal = ['script', '--quiet', '--return', '--command', command, '/dev/null'];
      expect(await run(terminal, { env: { TERM: 'xterm' } })).toContain(`${ESCAPE}[32mtc${ESCAPE}[39m`);
      expect(await run(terminal, { env: { TERM: 'xterm', NO_COLOR: '1' } })).not.toContain(ESCAPE);
    });
  });

  describe('sluice stats', () => {
    it('shows totals, targets and reasons, as JSON too', async () => {
      const stats = await json<StatsReport>('stats');
      const web = stats.targets.filter(({ proxy }) => proxy === 'web');
      expect(web.reduce((sum, { flows }) => sum + flows, 0)).toBe(FETCHES);
      expect(stats.totals.flows).toBeGreaterThanOrEqual(FETCHES);
      const table = await output('stats');
      expect(table).not.toContain(ESCAPE);
      expect(table).toMatch(/^flows +\d+ active, [\d,]+ ever$/m);
      expect(table).toMatch(/^web +10\.2\.1\.1:80 +75% /m);
      expect(table).toMatch(/^tc_ingress +new_flow +forwarded +[\d,]+$/m);
    });
  });

  describe('sluice connections', () => {
    it('lists what is open, by proxy, target and client', async () => {
      const { lab } = scene;
      const list = (...args: string[]) => json<ConnectionsReport>('connections', '--proxy', 'echo', ...args);
      const all = await list();
      expect(all.total).toBe(10);
      const ofTarget = (ip: string) => all.connections.filter(({ target }) => target === `${ip}:7`).length;

      for (const { args, total } of [
        { args: ['--client', lab.client(0).v4], total: 6 },
        { args: ['--client', lab.client(1).v4], total: 4 },
        { args: ['--client', '10.1.1.2'], total: 0 },
        { args: ['--target', lab.target(0).v4], total: ofTarget(lab.target(0).v4) },
        { args: ['--target', `${lab.target(1).v4}:7`], total: ofTarget(lab.target(1).v4) },
        { args: ['--target', `${lab.target(1).v4}:80`], total: 0 },
        { args: ['--client', lab.client(1).v4, '--target', lab.target(0).v4], total: 0 },
      ]) {
        const { connections, ...found } = await list(...args);
        expect(found, args.join(' ')).toEqual({ total });
        expect(connections).toHaveLength(total);
      }
      const [flow] = (await list('--client', lab.client(1).v4, '--limit', '1')).connections;
      expect(flow).toMatchObject({
        listener: `${lab.vip4}:7`,
        target: `${lab.target(1).v4}:7`,
        proxy: 'echo',
        state: flow?.protocol === 'udp' ? 'udp' : 'established',
      });
      expect(flow?.reply.packets).toBeGreaterThan(0);
    });

    it('is a plain table with a last line that counts, and says what the limit left out', async () => {
      const { lab } = scene;
      const args = ['connections', '--proxy', 'echo', '--client', lab.client(0).v4];
      const lines = (await output(...args)).trimEnd().split('\n');
      expect(lines[0]).toMatch(
        /^PROTO +CLIENT +LISTENER +TARGET +PROXY +STATE +AGE +IDLE +TO TARGET +TO CLIENT$/,
      );
      expect(lines.slice(1, -1).every((line) => /^(tcp|udp) +10\.1\.1\.1:\d+ +/.test(line))).toBe(true);
      expect(lines).toHaveLength(8);
      expect(lines.at(-1)).toBe('6 flows');
      const limited = (await output(...args, '--limit', '1')).trimEnd().split('\n');
      expect(limited.at(-1)).toBe('6 flows, 1 shown (--limit)');
    });

    it('does not mind a reader that has seen enough', async () => {
      const pipe = `set -o pipefail; ${SLUICE} connections ${socket()} | true`;
      await run(['bash', '-c', pipe]);
    });

    it('refuses a filter that is no address', async () => {
      const { code, stderr } = await scene.balancer.sluice('connections', '--target', 'web1');
      expect(code).toBe(64);
      expect(stderr).toMatch(/^sluice: "web1" is not an address with a port: .*\nfix: /);
    });
  });

  describe('sluice doctor', () => {
    const doctor = (...args: string[]) =>
      scene.lab.balancer.exec([SLUICE, 'doctor', '-c', scene.balancer.configFile, ...args]);

    it('finds that all is well here', async () => {
      const { code, stdout } = await doctor();
      expect(stdout).not.toContain('FAIL');
      expect(stdout).not.toContain(ESCAPE);
      expect(stdout).toMatch(/^ok {4}kernel +Linux /m);
      expect(code).toBe(0);
      const told = JSON.parse((await doctor('-o', 'json')).stdout);
      expect(told.healthy).toBe(true);
      expect(told.findings.map(({ check }: { check: string }) => check)).toContain('bpffs');
    });

    it('finds what would keep packets from the targets, with the command that mends it', async () => {
      const { balancer } = scene.lab;
      await balancer.run(['sysctl', '-qw', 'net.ipv4.ip_forward=0']);
      try {
        const { stdout } = await doctor();
        expect(stdout).toMatch(/^(warn|FAIL) {2}forwarding +.*\n +fix: sysctl -w net\.ipv4\.ip_forward=1$/m);
      } finally {
        await balancer.run(['sysctl', '-qw', 'net.ipv4.ip_forward=1']);
      }
    });
  });

  describe('the admin socket', () => {
    it('is open to its owner and group only', async () => {
      expect(statSync(scene.balancer.adminSocket).mode & 0o777).toBe(0o660);
      const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
      const { code, stderr } = await scene.lab.balancer.exec([...nobody, SLUICE, 'status', socket()]);
      expect(code).toBe(77);
      expect(stderr).toMatch(/^sluice: the admin socket ".*" may not be used\nfix: /);
    });

    it('without a daemon behind it is told from a daemon with nothing to say', async () => {
      for (const command of ['status', 'stats', 'connections']) {
        const { code, stdout, stderr } = await scene.lab.balancer.exec([
          SLUICE,
          command,
          '--admin-socket=/tmp/there-is-no-daemon.sock',
        ]);
        expect({ code, stdout }).toEqual({ code: 69, stdout: '' });
        expect(stderr).toBe(
          'sluice: no daemon answers on "/tmp/there-is-no-daemon.sock"\n' +
            'fix: is the daemon running? start it with: sluice run -c FILE\n',
        );
      }
    });
  });
});
