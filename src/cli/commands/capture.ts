import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { type Command, Option } from 'commander';
import {
  CAPTURE_BOUNDS,
  CAPTURE_HOOKS,
  type CaptureHook,
  type CaptureLine,
  type CaptureRequest,
  PcapngWriter,
} from '../../capture/index.ts';
import { SluiceError } from '../../errors/index.ts';
import type { CommandContext } from '../context.ts';
import { formatEnd, formatPacket } from '../format/capture.ts';
import {
  adminSocketOption,
  clientOf,
  collect,
  instanceOption,
  integerParser,
  outputOption,
  type ReadOptions,
} from '../options.ts';

interface CaptureOptions extends ReadOptions {
  readonly dropped?: boolean;
  readonly reason?: readonly string[];
  readonly hook?: CaptureHook;
  readonly interface?: string;
  readonly count?: number;
  readonly duration?: number;
  readonly oneIn?: number;
  readonly bytes?: number;
  readonly write?: string;
}

const MS_PER_SECOND = 1000;
const EXAMPLES = `
Examples:
  sluice capture host 192.168.1.7 and tcp port 443
  sluice capture --dropped
  sluice capture -w - port 80 | tcpdump -r -`;

/** `sluice capture`. */
export function addCaptureCommand(program: Command, context: CommandContext): void {
  const bounded = (name: keyof typeof CAPTURE_BOUNDS) =>
    integerParser(CAPTURE_BOUNDS[name].min, CAPTURE_BOUNDS[name].max);
  const seconds = integerParser(1, CAPTURE_BOUNDS.durationMs.max / MS_PER_SECOND);
  program
    .command('capture')
    .description('show packets as they pass, before and after the rewrite, and why each left so')
    .argument(
      '[filter...]',
      "which packets, in tcpdump's words: host, net, port, src, dst, tcp, udp, icmp, ip6",
    )
    .option('--dropped', 'only packets that are dropped')
    .addOption(
      new Option(
        '--reason <reason>',
        'only packets that leave for this reason (see sluice stats); may be given several times',
      ).argParser(collect),
    )
    .addOption(new Option('--hook <hook>', 'only packets at this hook').choices(CAPTURE_HOOKS))
    .option('-i, --interface <name>', 'only packets on this interface')
    .addOption(
      new Option('-c, --count <count>', 'end after so many packets (default: 1000)').argParser(
        bounded('count'),
      ),
    )
    .addOption(new Option('--duration <seconds>', 'end after this time (default: 60)').argParser(seconds))
    .addOption(
      new Option('--one-in <count>', 'show one packet in so many that match').argParser(bounded('oneIn')),
    )
    .addOption(
      new Option(
        '--bytes <count>',
        'first bytes of each packet, payload too (default: headers only)',
      ).argParser(bounded('bytes')),
    )
    .option('-w, --write <file>', 'write a pcapng file for Wireshark and tcpdump; - is standard output')
    .addOption(instanceOption())
    .addOption(adminSocketOption())
    .addOption(outputOption())
    .addHelpText('after', EXAMPLES)
    .action((words: readonly string[], options: CaptureOptions) => capture(words, options, context));
}

async function capture(
  words: readonly string[],
  options: CaptureOptions,
  context: CommandContext,
): Promise<void> {
  const stop = new AbortController();
  const offs = (['SIGINT', 'SIGTERM'] as const).map((signal) =>
    context.io.onSignal(signal, () => stop.abort()),
  );
  try {
    const lines = await clientOf(options).capture(requestOf(words, options), stop.signal);
    context.io.stderr.write('capturing; Ctrl-C ends it\n');
    if (options.write === undefined) await show(lines, options, context);
    else await write(lines, options.write, context);
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  } finally {
    for (const off of offs) off();
  }
}

function requestOf(words: readonly string[], options: CaptureOptions): CaptureRequest {
  const { reason = [], hook, duration, count, oneIn, bytes } = options;
  const reasons = options.dropped ? [...reason, 'dropped'] : reason;
  return {
    ...(words.length > 0 && { filter: words.join(' ') }),
    ...(reasons.length > 0 && { reasons }),
    ...(hook !== undefined && { hooks: [hook] }),
    ...(options.interface !== undefined && { interface: options.interface }),
    ...(duration !== undefined && { durationMs: duration * MS_PER_SECOND }),
    count,
    oneIn,
    bytes,
  };
}

/** Lines for people, or JSON texts. */
async function show(
  lines: AsyncIterable<CaptureLine>,
  { output }: CaptureOptions,
  context: CommandContext,
): Promise<void> {
  for await (const line of lines) {
    if (output === 'json') context.print(`${JSON.stringify(line)}\n`);
    else if (line.type === 'packet') context.print(formatPacket(line, context.style));
    else context.io.stderr.write(formatEnd(line));
  }
}

/** A file that is whole at every moment: each packet is written at once, as a reader of a pipe wants it. */
async function write(
  lines: AsyncIterable<CaptureLine>,
  path: string,
  context: CommandContext,
): Promise<void> {
  const pcapng = new PcapngWriter();
  const file = await openFile(path === '-' ? '/dev/stdout' : path);
  try {
    await put(file, pcapng.begin());
    for await (const line of lines) {
      if (line.type === 'packet') await put(file, pcapng.packet(line));
      else context.io.stderr.write(formatEnd(line));
    }
  } finally {
    file.end();
    await once(file, 'close');
  }
}

async function openFile(path: string): Promise<WriteStream> {
  const file = createWriteStream(path);
  try {
    await once(file, 'open');
    return file;
  } catch (cause) {
    throw new SluiceError('usage', `"${path}" cannot be written`, {
      fix: 'name another file after -w',
      cause,
    });
  }
}

async function put(file: WriteStream, bytes: Buffer): Promise<void> {
  if (!file.write(bytes)) await once(file, 'drain');
}
