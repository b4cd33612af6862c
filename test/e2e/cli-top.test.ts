import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PacedClients, startNginx } from '../../lab/index.ts';
import { patienceMs } from '../../lab/patience.ts';
import { SLUICE } from '../support/balancer.ts';
import { configOf, proxy } from '../support/proxies.ts';
import { useScene } from '../support/scene.ts';
import { Tmux } from '../support/tmux.ts';

const WIDE = { columns: 160, rows: 16 };
const TIME_OF_DAY = /\d\d:\d\d:\d\d/;
const eventually = <T>(probe: () => Promise<T>) => expect.poll(probe, { timeout: patienceMs(10_000) });

describe('sluice top in a terminal', () => {
  const scene = useScene({ clients: 1, targets: 2 }, async (scene) => {
    const { lab } = scene;
    await Promise.all(lab.targets.map((target) => startNginx(target)));
    const targets = lab.targets.map(({ v4 }) => v4);
    await scene.start(
      configOf([proxy({ name: 'web', port: 80, protocol: 'tcp', targets, weights: [75, 25] })]),
    );
  });
  const first = () => `${scene.lab.target(0).v4}:80`;

  function open(prefix = ''): Promise<Tmux> {
    const command = `${prefix} ${SLUICE} top --interval 200 --admin-socket ${scene.balancer.adminSocket}`;
    return Tmux.start(scene.lab.directory, WIDE, command);
  }
  const screenOf = async (tmux: Tmux) => (await tmux.screen()).join('\n');
  const rowOf = async (tmux: Tmux, name: string) =>
    (await tmux.screen()).find((line) => line.includes(` ${name} `)) ?? '';

  it('shows live traffic, drains a target after a question, and leaves the terminal as it was', async () => {
    await using _clients = new PacedClients(scene.lab.client(), scene.lab.vip4, { perSecond: 100 });
    await using tmux = await open();
    await eventually(() => rowOf(tmux, first())).toMatch(
      / up +██████·· +75% +[1-9]\d* +[▁▂▃▄▅▆▇█]+ +\d+ kbit\/s +\d+ kbit\/s +\d+ +[\d.]+ [um]?s +[\d.]+ [um]?s +[\d.]+ [um]?s +0$/,
    );
    expect(await screenOf(tmux)).toMatch(/^sluice top .*1 proxy, 2 targets/);
    expect(await screenOf(tmux)).toMatch(/^▸ web {2}10\.1\.0\.1:80\/tcp +2 of 2 up +\d/m);
    expect(await tmux.colours()).toContain('\u001b[36m');

    await tmux.press('Down', 'd');
    await eventually(() => screenOf(tmux)).toContain(`Drain ${first()} of web?`);
    await tmux.press('y');
    await eventually(() => rowOf(tmux, first())).toMatch(/ (draining \d+\/\d+|drained) +·+ +0% /);
    expect(await scene.balancer.admin.targetState('web', first())).toMatchObject({ state: 'drain' });
    await tmux.press('u', 'y');
    await eventually(() => rowOf(tmux, first())).toMatch(/ up +██████·· +75% /);
    expect(await scene.balancer.admin.targetState('web', first())).toMatchObject({ state: 'ready' });

    await tmux.press('q');
    await eventually(() => screenOf(tmux)).toMatch(/^ended with 0$/m);
    expect(await tmux.modes()).toEqual({ alternate: false, cursor: true });
    expect(await screenOf(tmux)).not.toContain('sluice top');
  });

  it('follows the size of the terminal, and looks into a proxy', async () => {
    await using tmux = await open('NO_COLOR=1');
    await eventually(() => screenOf(tmux)).toContain('LAST MINUTE');
    expect(await tmux.colours()).not.toContain('\u001b[3');
    await tmux.resize(116, 10);
    await eventually(() => screenOf(tmux)).toMatch(/ OPEN +P95 +FAILED\/S$/m);
    await tmux.resize(60, 10);
    await eventually(() => screenOf(tmux)).not.toContain('LAST MINUTE');
    expect((await tmux.screen()).at(-1)).toMatch(/^q quit/);
    await tmux.resize(WIDE.columns, WIDE.rows);
    await tmux.press('Enter');
    await eventually(() => screenOf(tmux)).toMatch(
      /^web {2}10\.1\.0\.1:80\/tcp {2}mode nat, weighted-random$/m,
    );
    await tmux.press('?');
    await eventually(() => screenOf(tmux)).toContain('drain the selected target (asks first)');
  });

  it.each(['SIGTERM', 'SIGHUP'] as const)('gives the terminal back at %s', async (signal) => {
    await using tmux = await open();
    await eventually(() => tmux.modes()).toEqual({ alternate: true, cursor: false });
    process.kill(await tmux.pid(), signal);
    await eventually(() => screenOf(tmux)).toMatch(/^ended with 0$/m);
    expect(await tmux.modes()).toEqual({ alternate: false, cursor: true });
  });

  it('lets go of the terminal while it is stopped, and draws everything when it goes on', async () => {
    await using tmux = await open();
    await eventually(() => screenOf(tmux)).toMatch(TIME_OF_DAY);
    const pid = await tmux.pid();
    await tmux.press('C-z');
    await eventually(() => tmux.modes()).toEqual({ alternate: false, cursor: true });
    expect(readFileSync(`/proc/${pid}/stat`, 'utf8')).toMatch(/\) T /);
    process.kill(pid, 'SIGCONT');
    await eventually(() => screenOf(tmux)).toMatch(/sluice top .*\n.*conn\/s/);
    await tmux.press('q');
    await eventually(() => screenOf(tmux)).toMatch(/^ended with 0$/m);
  });

  it('prints one plain table into a pipe', async () => {
    const { code, stdout } = await scene.balancer.sluice('top', '--interval', '100');
    expect(code).toBe(0);
    expect(stdout).not.toContain('\u001b');
    expect(stdout.split('\n').filter((line) => line.startsWith(`  ${first()} `))).toHaveLength(1);
  });
});
