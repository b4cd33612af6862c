import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { patienceMs } from '../../lab/patience.ts';
import type { Balancer } from '../support/balancer.ts';
import { useScene } from '../support/scene.ts';
import { faultOfExit, faultOfLog } from './support/errors.ts';
import { Dice, drawn } from './support/sample.ts';
import { filesOf, MENDED_WITHIN_MS, STAGE_SPEC, Stage, startsOrEnds } from './support/stage.ts';
import { readView } from './support/view.ts';

const WHICH: readonly [Which, ...Which[]] = [
  { which: 'that one', more: '' },
  { which: 'and all after it', more: '+' },
];

interface Which {
  readonly which: string;
  /** strace's mark of "and from then on". */
  readonly more: string;
}

/** Calls of bpf(2) that the main thread makes, roughly; the sweeps, which work another way, count them. */
const CALLS = { start: 130, reload: 35, detach: 15 } as const;

describe('a daemon whose n-th bpf(2) strace lets fail with ENOMEM,', () => {
  let stage: Stage;
  const scene = useScene(STAGE_SPEC, async () => {
    stage = await Stage.open(scene);
    writeFileSync(wrapper(), PLAIN);
  });
  afterAll(() => stage[Symbol.asyncDispose]());

  /** A command that runs every daemon, and that may be another one the next time. */
  const wrapper = () => join(scene.lab.directory, 'wrapper');
  const start = () => scene.start(stage.one.config, { wrap: ['sh', wrapper()] });

  /** Does the work while strace hangs on a running daemon. */
  async function traced(balancer: Balancer, when: string, work: () => Promise<void>): Promise<void> {
    const { pid } = balancer.process;
    await using _strace = scene.lab.balancer.spawn([...straceOf(when), '-p', `${pid}`]);
    const tracer = () => /^TracerPid:\t(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    await expect.poll(tracer, { timeout: patienceMs(MENDED_WITHIN_MS) }).not.toBe('0');
    await work();
  }

  describe.each(drawn(WHICH))('$which', ({ more }) => {
    /** Which call, and how to have the same again. */
    function draw(calls: number): { readonly when: string; readonly point: string } {
      const dice = new Dice();
      const when = `${1 + dice.below(calls)}${more}`;
      return { when, point: `when=${when}, FAULTS_SEED=${dice.seed}` };
    }

    it('in its first start, starts or leaves nothing', async () => {
      const { when, point } = draw(CALLS.start);
      const balancer = await start();
      await balancer.stop('SIGINT');
      writeFileSync(wrapper(), `exec ${straceOf(when).join(' ')} -DD "$@"`);
      const started = await startsOrEnds(balancer);
      writeFileSync(wrapper(), PLAIN);
      if (started) return stage.probe();
      expect(faultOfExit(await balancer.process.exited, balancer.process.stderr), point).toBe(null);
      expect(filesOf(balancer), point).toEqual([]);
    });

    it('in a reload, goes on in the old state or the new one', async () => {
      const { when, point } = draw(CALLS.reload);
      const balancer = await start();
      await using held = await stage.hold();
      let refusal: string | null = null;
      await traced(balancer, when, async () => {
        await balancer.reload(stage.other.config).catch((error: Error) => {
          refusal = error.message;
        });
        await held.check();
        await stage.probe();
      });
      if (refusal !== null) expect(faultOfLog(refusal), point).toBe(null);
      const { view } = refusal === null ? stage.other : stage.one;
      const look = () => readView(balancer.instance);
      await expect.poll(look, { timeout: patienceMs(MENDED_WITHIN_MS), message: point }).toEqual(view);
      await balancer.reload(stage.other.config);
      expect(await look(), point).toEqual(stage.other.view);
    });

    it('in its detach, says why, and `sluice detach` removes all', async () => {
      const { when, point } = draw(CALLS.detach);
      const balancer = await start();
      let code: number | null = 0;
      await traced(balancer, when, async () => {
        code = await balancer.stop('SIGINT');
      });
      if (code !== 0) expect(faultOfExit(code, balancer.process.stderr), point).toBe(null);
      await balancer.close();
      expect(filesOf(balancer), point).toEqual([]);
      await stage.probeNothing();
    });
  });
});

const PLAIN = 'exec "$@"';

function straceOf(when: string): readonly string[] {
  const inject = `inject=bpf:error=ENOMEM:when=${when}`;
  return ['strace', '-qq', '-f', '-o', '/dev/null', '-e', 'trace=bpf', '-e', inject];
}
