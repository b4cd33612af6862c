import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { overruns, readBudget, writeBudget } from '../../verifier/budget.ts';
import { BENCH_WORD, checksOf } from '../checks.ts';
import type { Machine } from '../machines.ts';
import { type Message, readMessage } from '../protocol.ts';
import type { Cache } from './cache.ts';
import { buildImage } from './image.ts';
import { runGuest } from './qemu.ts';
import { progressLine } from './report.ts';
import { faultsOf, type MachineResult, passedOf } from './verdict.ts';

/** How often a machine is booted until its programs start. */
const BOOTS = 3;
const BUDGET = 'test/verifier/budget.json';

/** How machines are run. */
export interface RunOptions {
  /** Folder of the project, built. */
  readonly project: string;
  readonly cache: Cache;
  readonly timeoutMs: number;
  /** Keep the console's log also of a machine that passes. */
  readonly keepLog: boolean;
  /** Make what the verifier takes today the budget. */
  readonly updateBudget: boolean;
  /** Show instead that the bench measures IPVS. */
  readonly bench: boolean;
  readonly signal: AbortSignal;
  say(line: string): void;
}

/**
 * Boots a machine, lets it check itself, and judges what it told.
 * @throws Error when its parts cannot be had; the signal's reason when aborted
 */
export async function runMachine(machine: Machine, options: RunOptions): Promise<MachineResult> {
  const { cache, signal, say } = options;
  const initrd = join(cache.folder, `${machine.name}.initrd`);
  const logFile = join(cache.folder, `${machine.name}.log`);
  const messages: Message[] = [];
  const trouble: string[] = [];
  let bootMs: number | undefined;
  const image = await buildImage(machine, options.project, cache, initrd);
  const started = performance.now();
  const onLine = (line: string): void => {
    const message = messageOf(line, trouble);
    if (message === undefined) return;
    bootMs ??= performance.now() - started;
    messages.push(message);
    if (message.type === 'verified') trouble.push(...compareBudget(message, options));
    const progress = progressLine(machine.name, message);
    if (progress !== undefined) say(progress);
  };
  try {
    // An emulated kernel dies now and then before any program of ours runs, at code that it patches while it runs.
    for (let boot = 1; boot <= BOOTS && messages.length === 0; boot++) {
      if (boot > 1) say(`${machine.name}: the kernel died while it booted; booting again`);
      await runGuest(machine.architecture, image, {
        ...options,
        words: options.bench ? [BENCH_WORD] : [],
        logFile,
        onLine,
      });
    }
  } catch (error) {
    signal.throwIfAborted();
    trouble.push(error instanceof Error ? error.message : String(error));
  } finally {
    await rm(initrd, { force: true });
  }
  const checks = checksOf(machine, options.bench);
  const faults = faultsOf(machine, checks, messages, trouble);
  if (faults.length === 0 && !options.keepLog) await rm(logFile);
  else say(`${machine.name}: the console's log is ${logFile}`);
  return {
    machine,
    bootMs,
    totalMs: performance.now() - started,
    passed: passedOf(checks, messages),
    expected: checks.length,
    faults,
  };
}

/** What exceeds the budget; nothing when the budget is written anew. */
function compareBudget(
  { family, figures }: Extract<Message, { type: 'verified' }>,
  { project, updateBudget, say }: RunOptions,
): readonly string[] {
  const file = join(project, BUDGET);
  if (!updateBudget) return overruns(family, readBudget(file, family) ?? {}, figures);
  writeBudget(file, family, figures);
  say(`${family}: ${BUDGET} is written`);
  return [];
}

/** A damaged message is trouble, and no message. */
function messageOf(line: string, trouble: string[]): Message | undefined {
  try {
    return readMessage(line);
  } catch {
    trouble.push(`it said: ${line}`);
    return undefined;
  }
}
