import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { type Architecture, CPUS } from '../machines.ts';
import type { Image } from './image.ts';

const MEMORY_MIB = 3072;
/** All CPUs are there, and the kernel starts only some: hotplug would not do, newer kernels see no room for it in QEMU's tables. */
const STARTED = `maxcpus=${CPUS.online}`;

/**
 * QEMU 7.2 spoils the flags at CMPXCHG16B (CPU feature 141), with which newer kernels allocate memory: they panic while they boot.
 * HAProxy cannot do without it, so it is not taken from the CPU.
 */
const NO_CX16 = 'clearcpuid=141';

/** How each architecture is emulated. */
interface Emulator {
  readonly argv: readonly string[];
  readonly cpu: string;
  readonly console: string;
  /** Words for the kernel. */
  readonly kernel: readonly string[];
}

const EMULATORS: Readonly<Record<Architecture, Emulator>> = {
  amd64: {
    argv: ['qemu-system-x86_64', '-machine', 'q35'],
    cpu: 'max',
    console: 'ttyS0',
    // The kernel measures the CPU's own clock when it boots, and gets it wrong by a multiple when this machine is busy.
    kernel: ['clocksource=hpet', 'no_timer_check', 'mitigations=off', 'no5lvl', NO_CX16],
  },
  arm64: {
    argv: ['qemu-system-aarch64', '-machine', 'virt'],
    // Real pointer authentication costs a multiple of all the rest.
    cpu: 'max,pauth-impdef=on',
    console: 'ttyAMA0',
    kernel: ['mitigations=off'],
  },
};

/** How a guest is run. */
export interface GuestOptions {
  readonly timeoutMs: number;
  /** Everything that the guest's console says goes here. */
  readonly logFile: string;
  /** More words for the kernel's command line, which the guest reads. */
  readonly words: readonly string[];
  readonly signal: AbortSignal;
  onLine(line: string): void;
}

/**
 * Boots a guest and returns when it has switched itself off.
 * @throws Error when it is still running after `timeoutMs`, or QEMU fails; the signal's reason when aborted
 */
export async function runGuest(
  architecture: Architecture,
  image: Image,
  options: GuestOptions,
): Promise<void> {
  options.signal.throwIfAborted();
  const [command = '', ...args] = argvOf(architecture, image, options.words);
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const log = createWriteStream(options.logFile);
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  createInterface({ input: child.stdout }).on('line', (line) => options.onLine(line));
  const stop = () => child.kill('SIGKILL');
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    stop();
  }, options.timeoutMs);
  options.signal.addEventListener('abort', stop, { once: true });
  try {
    const status = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    options.signal.throwIfAborted();
    if (late) throw new Error(`the guest was still running after ${options.timeoutMs / 1000} s`);
    if (status !== 0) throw new Error(`${command} ended with status ${status}`);
  } finally {
    clearTimeout(timer);
    options.signal.removeEventListener('abort', stop);
    await new Promise<void>((resolve) => log.end(resolve));
  }
}

function argvOf(architecture: Architecture, image: Image, words: readonly string[]): readonly string[] {
  const { argv, cpu, console, kernel } = EMULATORS[architecture];
  const line = [
    `console=${console}`,
    'quiet',
    'loglevel=2',
    'panic=-1',
    'rdinit=/init',
    STARTED,
    ...kernel,
    ...words,
  ];
  return [
    ...argv,
    ...['-accel', 'tcg,thread=multi', '-smp', String(CPUS.possible), '-cpu', cpu, '-m', String(MEMORY_MIB)],
    ...['-nodefaults', '-display', 'none', '-serial', 'stdio', '-no-reboot', '-net', 'none'],
    ...['-kernel', image.kernel, '-initrd', image.initrd, '-append', line.join(' ')],
  ];
}
