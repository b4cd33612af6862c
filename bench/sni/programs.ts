import { writeFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { onProcessEnd } from '../../lab/exit-hook.ts';
import { run } from '../../lab/index.ts';

const SETTING = '/proc/sys/kernel/bpf_stats_enabled';
const PROGRAMS = ['xdp_ingress', 'tc_ingress', 'tc_egress'] as const;
const shown = z.object({ run_time_ns: z.number().default(0) });

/** Has the kernel add up the time that it spends in BPF programs, as long as this lives; for that it reads two clocks a run. */
export class ProgramTimes implements AsyncDisposable {
  readonly #before: string;
  readonly #exitHook: Disposable;

  private constructor(before: string) {
    this.#before = before;
    // A hurried end must not leave the kernel counting.
    this.#exitHook = onProcessEnd(() => writeFileSync(SETTING, before));
  }

  /** Begins. */
  static async begin(): Promise<ProgramTimes> {
    const times = new ProgramTimes(await readFile(SETTING, 'utf8'));
    await writeFile(SETTING, '1');
    return times;
  }

  /** Time in all programs that are pinned in the folder of an instance so far, ns. */
  async of(pins: string): Promise<number> {
    const all = await Promise.all(
      PROGRAMS.map((name) => run(['bpftool', '-j', 'prog', 'show', 'pinned', join(pins, 'programs', name)])),
    );
    return all.reduce((sum, text) => sum + shown.parse(JSON.parse(text)).run_time_ns, 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#exitHook[Symbol.dispose]();
    await writeFile(SETTING, this.#before);
  }
}
