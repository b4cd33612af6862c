/**
 * Measures what a reload costs: `npm run bench:reload [-- PROXIES TARGETS ROUNDS]` (as root). A daemon in a lab of its own is
 * given a file of PROXIES x TARGETS and reloads it by SIGHUP; the result is CPU time of the daemon and of the commands that it
 * runs, kernel work included, median of the rounds.
 */
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Lab, type OwnedProcess, uniqueInstance } from '../../lab/index.ts';
import { runTool, systemCliIo } from '../../src/cli/index.ts';
import { command, type ReloadWishes } from './command.ts';

const SLUICE = fileURLToPath(new URL('../../../bin/sluice', import.meta.url));
/** USER_HZ, the unit of /proc/PID/stat, is 100 on every architecture that Node.js runs on. */
const TICK_MS = 10;
const POLL_MS = 5;
/** What a reload leaves for later is done within this time. */
const SETTLE_MS = 300;

/** What is other in the file of a round. */
const CHANGES = ['nothing', 'one weight', 'a target of each proxy', 'the weights of each proxy'] as const;
type ChangeOfRound = (typeof CHANGES)[number];

interface Shape {
  readonly proxies: number;
  readonly targets: number;
}

/** A configuration, `turn` times changed. */
function configOf({ proxies, targets }: Shape, change: ChangeOfRound, turn: number): object {
  const isOdd = turn % 2 === 1;
  const list = Array.from({ length: proxies }, (_, index) => {
    const isOther =
      isOdd && (change === 'the weights of each proxy' || (change === 'one weight' && index === 7));
    const weights = shares(targets, isOther);
    const shift = isOdd && change === 'a target of each proxy' ? 1 : 0;
    return {
      name: `p${index}`,
      listen: { interfaces: ['front0'], port: 1000 + index, protocol: 'tcp' },
      defaultTarget: weights.map((weight, n) => ({
        ip: `10.2.1.${n === 0 ? 1 + n + shift * targets : 1 + n}`,
        port: 1000 + index,
        weight,
      })),
    };
  });
  return { proxies: list };
}

/** Weights that sum to 100. */
function shares(targets: number, isOther: boolean): number[] {
  const each = Math.floor(100 / targets);
  const first = 100 - each * (targets - 1);
  const weights = [first, ...Array.from({ length: targets - 1 }, () => each)];
  return isOther
    ? weights.map((weight, n) => (n === 0 ? weight - 1 : n === 1 ? weight + 1 : weight))
    : weights;
}

function textOf(config: object, format: 'yaml' | 'json'): string {
  if (format === 'json') return JSON.stringify(config);
  // As people write it; what a library would write is longer.
  const { proxies } = JSON.parse(JSON.stringify(config));
  const lines = ['proxies:'];
  for (const { name, listen, defaultTarget } of proxies) {
    lines.push(
      `  - name: ${name}`,
      `    listen: { interfaces: [front0], port: ${listen.port}, protocol: tcp }`,
    );
    lines.push('    defaultTarget:');
    for (const { ip, port, weight } of defaultTarget) {
      lines.push(`      - { ip: ${ip}, port: ${port}, weight: ${weight} }`);
    }
  }
  return `${lines.join('\n')}\n`;
}

/** CPU time of a process and of its children that have ended, milliseconds. */
function cpuMs(pid: number): { readonly own: number; readonly children: number } {
  const [utime = 0, stime = 0, cutime = 0, cstime = 0] = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
    .slice(11, 15)
    .map(Number);
  return { own: (utime + stime) * TICK_MS, children: (cutime + cstime) * TICK_MS };
}

async function until(process: OwnedProcess, condition: () => boolean): Promise<void> {
  while (!condition()) {
    if (!process.running) throw new Error(`the daemon ended: ${process.output}`);
    await sleep(POLL_MS);
  }
}

/** What a daemon says; who wants to hear something new empties it first. All that it ever said is more than is kept. */
interface Heard {
  said: string;
}

function listenTo(daemon: OwnedProcess): Heard {
  const heard: Heard = { said: '' };
  daemon.onStdout((text) => {
    heard.said += text;
  });
  return heard;
}

async function reload(
  daemon: OwnedProcess,
  heard: Heard,
): Promise<{ own: number; children: number; wall: number }> {
  heard.said = '';
  const [before, beganMs] = [cpuMs(daemon.pid), performance.now()];
  process.kill(daemon.pid, 'SIGHUP');
  await until(daemon, () => /"msg":"(reloaded|not reloaded)/.test(heard.said));
  if (!heard.said.includes('"msg":"reloaded"')) throw new Error(heard.said);
  const wall = performance.now() - beganMs;
  // Weights that are worked out anew because of it belong to it.
  await sleep(SETTLE_MS);
  const after = cpuMs(daemon.pid);
  return { own: after.own - before.own, children: after.children - before.children, wall };
}

function median(values: readonly number[]): string {
  return (values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0).toFixed(0).padStart(5);
}

async function measure({ rounds, ...shape }: ReloadWishes, signal: AbortSignal): Promise<number> {
  process.stdout.write(
    `reload of ${shape.proxies} proxies x ${shape.targets} targets, median of ${rounds}\n`,
  );
  await using lab = await Lab.create({ targets: 1 }, { signal });
  for (const format of ['yaml', 'json'] as const) {
    const file = join(lab.directory, `reload.${format}`);
    await writeFile(file, textOf(configOf(shape, 'nothing', 0), format));
    const argv = ['run', '-c', file, '--instance', uniqueInstance('bench'), '--admin-socket', `${file}.sock`];
    const daemon = lab.balancer.spawn([SLUICE, ...argv], { graceMs: 20_000 });
    const heard = listenTo(daemon);
    try {
      await until(daemon, () => heard.said.includes('"msg":"ready"'));
      for (const change of CHANGES) {
        const results = [];
        for (let turn = 0; turn <= rounds; turn++) {
          signal.throwIfAborted();
          await writeFile(file, textOf(configOf(shape, change, turn), format));
          results.push(await reload(daemon, heard));
        }
        // The first brings the file of the part before back to where this one begins.
        const [, ...counted] = results;
        const of = (key: 'own' | 'children' | 'wall') => median(counted.map((result) => result[key]));
        process.stdout.write(
          `${format}, ${change.padEnd(26)} ${of('own')} ms of the daemon, ${of('children')} ms of commands, ${of('wall')} ms in all\n`,
        );
      }
    } finally {
      // At SIGINT it takes everything out of the kernel.
      daemon.kill('SIGINT');
      await daemon.exited;
    }
  }
  return 0;
}

process.exitCode = await runTool(process.argv.slice(2), systemCliIo(), command(), measure);
