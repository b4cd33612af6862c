import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ExecResult, type Lab, uniqueInstance } from '../../lab/index.ts';
import { type ConfigFile, SLUICE } from './balancer.ts';
import { type Pinned, pinFolder, readPinned } from './pinned.ts';

const TIMEOUT_MS = 20_000;

/** What became of a daemon that should not have started. */
export interface Refusal extends ExecResult {
  /** What it left in the kernel. */
  readonly pinned: Pinned;
  /** Path of its configuration. */
  readonly file: string;
}

/**
 * Runs a daemon in the balancer's namespace that must not start. Should it start after all, it is ended and detached.
 * @param wrap a command that runs it
 */
export async function runRefused(
  lab: Lab,
  config: ConfigFile,
  wrap: readonly string[] = [],
): Promise<Refusal> {
  const instance = uniqueInstance('test');
  const file = join(lab.directory, `${instance}.json`);
  writeFileSync(file, JSON.stringify(config, null, 2));
  const flags = [
    '-c',
    file,
    '--instance',
    instance,
    '--admin-socket',
    join(lab.directory, `${instance}.sock`),
  ];
  try {
    const result = await lab.balancer.exec([...wrap, SLUICE, 'run', ...flags], { timeoutMs: TIMEOUT_MS });
    return { ...result, file, pinned: readPinned(instance) };
  } finally {
    if (existsSync(pinFolder(instance))) await lab.balancer.run([SLUICE, 'detach', '--instance', instance]);
  }
}
