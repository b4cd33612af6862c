import { setTimeout as sleep } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import { SluiceError } from '../../errors/index.ts';
import type { CommandContext } from '../context.ts';
import {
  adminSocketOption,
  clientOf,
  instanceOption,
  integerParser,
  outputOption,
  type ReadOptions,
} from '../options.ts';
import type { CliTerminal } from '../terminal.ts';
import { glyphsFor } from '../top/glyphs.ts';
import { buildModel, type TopModel } from '../top/model.ts';
import { type TopSample, takeSample } from '../top/sample.ts';
import { type TopClient, TopSession } from '../top/session.ts';
import { FIRST_STATE } from '../top/state.ts';
import { paint } from '../top/text.ts';
import { snapshotLines } from '../top/view.ts';

interface TopOptions extends ReadOptions {
  /** Milliseconds. */
  readonly interval: number;
  /** Snapshots to print; undefined: live on a terminal, else one. */
  readonly count?: number;
  readonly once?: boolean;
}

const INTERVAL_MS = { min: 100, max: 60_000, preset: 1_000 };

/** `sluice top`. */
export function addTopCommand(program: Command, context: CommandContext): void {
  program
    .command('top')
    .description('watch proxies and targets live: connections and bits a second, health, drains, drops')
    .addOption(
      new Option('--interval <ms>', 'milliseconds between two readings')
        .argParser(integerParser(INTERVAL_MS.min, INTERVAL_MS.max))
        .default(INTERVAL_MS.preset),
    )
    .addOption(
      new Option('-n, --count <count>', 'print so many snapshots and end').argParser(
        integerParser(1, 1_000_000),
      ),
    )
    .addOption(
      new Option('--once', 'the same as -n 1, as when it does not write to a terminal').conflicts('count'),
    )
    .addOption(instanceOption())
    .addOption(adminSocketOption())
    .addOption(outputOption())
    .action(async (options: TopOptions) => {
      const terminal = context.io.openTerminal();
      const isLive = options.count === undefined && !options.once && options.output === 'table';
      if (isLive && terminal !== null) await live(options, terminal, context);
      else await snapshots(options, context);
    });
}

/** Rates need two readings: the first snapshot comes after one interval. */
async function snapshots(options: TopOptions, context: CommandContext): Promise<void> {
  const client = clientOf(options);
  let before = await takeSample(client, clockMs);
  for (let left = options.count ?? 1; left > 0; left -= 1) {
    await sleep(options.interval);
    const sample: TopSample = await takeSample(client, clockMs);
    show(buildModel(sample, before), options, context);
    before = sample;
  }
}

/** A table, or one line of JSON. */
function show(model: TopModel, { output }: TopOptions, context: CommandContext): void {
  const { io, style } = context;
  if (output === 'json') {
    context.print(`${JSON.stringify(model)}\n`);
    return;
  }
  const input = {
    model,
    histories: new Map(),
    glyphs: glyphsFor(io.env),
    nowMs: Date.now(),
    state: FIRST_STATE,
    trouble: null,
  };
  const lines = snapshotLines(input).map((line) => paint(line, style).trimEnd());
  context.print(`${lines.join('\n')}\n`);
}

async function live(options: TopOptions, terminal: CliTerminal, context: CommandContext): Promise<void> {
  const { io } = context;
  const client = clientOf(options);
  if (io.env.TERM === 'dumb') {
    throw new SluiceError('usage', 'this terminal (TERM=dumb) cannot be drawn on', {
      fix: 'sluice top --once, or set TERM',
    });
  }
  const first = await takeSample(client, clockMs);
  using session = new TopSession(sessionOptions(client, terminal, options, context), first);
  const offs = [
    ...(['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((signal) => io.onSignal(signal, () => session.stop())),
    io.onSignal('SIGTSTP', () => session.suspend()),
    io.onSignal('SIGCONT', () => session.resume()),
  ];
  try {
    await session.run();
  } finally {
    for (const off of offs) off();
  }
}

function sessionOptions(
  client: TopClient,
  terminal: CliTerminal,
  { interval: intervalMs }: TopOptions,
  { io, style }: CommandContext,
) {
  const glyphs = glyphsFor(io.env);
  return { client, terminal, write: io.stdout.write, style, glyphs, intervalMs, nowMs: Date.now, clockMs };
}

function clockMs(): number {
  return performance.now();
}
