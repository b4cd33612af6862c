import { describe, expect, it } from 'vitest';
import { PacedClients, startNginx } from '../../lab/index.ts';
import { sharesOf, untilShares } from '../support/health.ts';
import { useScene, webConfig } from '../support/index.ts';

const PER_SECOND = 200;
const SETTINGS = {
  circuitBreaker: {
    enabled: true,
    minRequests: 20,
    openDurationMs: 1500,
    halfOpenRequests: 40,
    windowSizeMs: 5000,
  },
};
/** Of ten connections the target refuses seven. */
const SICK = `
table inet sick {
  chain in { type filter hook input priority 0; tcp flags syn numgen random mod 10 < 7 reject with tcp reset; }
}
`;
/** Until new weights are in the kernel, on a busy machine. */
const WRITTEN_MS = 250;

describe('a target that refuses most of its connections', () => {
  const scene = useScene({ clients: 1, targets: 2 }, ({ lab }) =>
    Promise.all(lab.targets.map((target) => startNginx(target))),
  );

  it('is cut off by its circuit, tried with a tenth of its share, and back when it answers', async () => {
    const { lab } = scene;
    const targets = lab.targets.map((target) => target.v4);
    const balancer = await scene.start(webConfig({ targets, settings: SETTINGS }));
    const times = (what: string) => timesOf(balancer.process.stdout, what);
    const until = (what: string, count: number) =>
      expect.poll(() => times(what).length, { timeout: 20_000 }).toBeGreaterThanOrEqual(count);
    await using traffic = new PacedClients(lab.client(), lab.vip4, { perSecond: PER_SECOND });
    await lab.target(1).run(['nft', '-f', '-'], { input: SICK });
    // Sick as it is, it fails its first trial.
    await until('has opened', 2);
    expect(balancer.process.stdout).toMatch(/"reason":"circuit open: [5-9]\d% of \d+ connections failed"/);
    await lab.target(1).run(['nft', 'delete', 'table', 'inet', 'sick']);
    await until('is closed', 1);
    await untilShares(balancer, [50, 50], 5000);
    const { circuits } = await balancer.admin.circuits();
    expect(circuits.map(({ status }) => status)).toEqual(['closed', 'closed']);
    expect(balancer.process.stdout).toContain('"effectiveWeights":[91,9]');

    const [openedAtMs = 0] = times('has opened');
    const [firstTrialAtMs = 0] = times('is half-open');
    const whileOpen = traffic.between(openedAtMs + WRITTEN_MS, firstTrialAtMs);
    expect(whileOpen.length).toBeGreaterThan(100);
    expect(whileOpen.filter(({ target }) => target !== 'target1')).toEqual([]);
    const lastTrialAtMs = times('is half-open').at(-1) ?? 0;
    const trial = traffic.between(lastTrialAtMs + WRITTEN_MS, times('is closed')[0] ?? 0);
    expect(trial.filter(({ error }) => error !== null)).toEqual([]);
    const part = trial.filter(({ target }) => target === 'target2').length / trial.length;
    // A tenth beside a whole: one in eleven, within 4.2 standard deviations of so many.
    expect(Math.abs(part - 1 / 11)).toBeLessThan(4.2 * Math.sqrt(((1 / 11) * (10 / 11)) / trial.length));
  });

  it('is cut off and given back by hand', async () => {
    const { lab } = scene;
    const balancer = await scene.start(
      webConfig({ targets: lab.targets.map((target) => target.v4), settings: SETTINGS }),
    );
    const name = `${lab.target(1).v4}:80`;
    const opened = await balancer.sluice('circuit', 'open', 'web', name);
    expect(opened).toMatchObject({ code: 0, stdout: `${name} of web: circuit open: opened by hand\n` });
    expect(await sharesOf(balancer)).toEqual([100, 0]);
    expect((await balancer.sluice('circuit')).stdout).toMatch(new RegExp(`${name} +open \\(by hand\\)`));
    expect((await balancer.sluice('targets')).stdout).toMatch(/ x0 .* circuit open: opened by hand$/m);
    // What is out when a daemon takes over stays out until it has been tried.
    await balancer.crash();
    await balancer.startDaemon();
    expect(await sharesOf(balancer)).toEqual([100, 0]);
    expect((await balancer.sluice('circuit', 'reset', 'web', name)).code).toBe(0);
    expect(await sharesOf(balancer)).toEqual([50, 50]);
  });
});

/** When the log says that a circuit changed, milliseconds since 1970. */
function timesOf(log: string, what: string): readonly number[] {
  const lines = log.split('\n').filter((line) => line.includes(`the circuit of a target ${what}`));
  return lines.map((line) => Date.parse(String(JSON.parse(line).time)));
}
