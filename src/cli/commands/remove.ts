import { setTimeout as sleep } from 'node:timers/promises';
import { Argument, type Command, Option } from 'commander';
import type { AdminClient } from '../../admin/index.ts';
import { type Change, RANGES } from '../../config/index.ts';
import { SluiceError } from '../../errors/index.ts';
import { addChangeOptions, type ChangeCommandOptions, doChange } from '../change-options.ts';
import type { CommandContext } from '../context.ts';
import { clientOf, integerParser } from '../options.ts';

interface RemoveOptions extends ChangeCommandOptions {
  readonly pool?: string;
  readonly drain?: boolean;
  /** Seconds. */
  readonly timeout?: number;
}

type Words = readonly [first: string, second: string];

/** What can be removed: how many names it takes, and how. */
const KINDS = {
  proxy: { usage: 'sluice remove proxy NAME', names: 1, change: ([name]) => ({ kind: 'removeProxy', name }) },
  target: {
    usage: 'sluice remove target PROXY TARGET [--pool POOL] [--drain]',
    names: 2,
    change: ([proxy, target], { pool }) => ({ kind: 'removeTarget', proxy, target, pool }),
  },
  route: {
    usage: 'sluice remove route PROXY SOURCE',
    names: 2,
    change: ([proxy, source]) => ({ kind: 'removeSourceRoute', proxy, source }),
  },
  'sni-route': {
    usage: 'sluice remove sni-route PROXY HOSTNAME',
    names: 2,
    change: ([proxy, hostname]) => ({ kind: 'removeSniRoute', proxy, hostname }),
  },
} as const satisfies Record<string, KindOfThing>;

interface KindOfThing {
  readonly usage: string;
  readonly names: 1 | 2;
  readonly change: (words: Words, options: RemoveOptions) => Change;
}

const POLL_MS = 250;
const { min, max } = RANGES.drainTimeoutMs;

/** `sluice remove`. */
export function addRemoveCommand(program: Command, context: CommandContext): void {
  const examples = Object.values(KINDS).map(({ usage }) => `  ${usage}`);
  const command = program
    .command('remove')
    .description('remove a proxy, a target or a route from what runs; open connections go on')
    .addArgument(new Argument('<what>', 'what to remove').choices(Object.keys(KINDS)))
    .argument('[words...]', 'names, see the examples')
    .option(
      '--pool <pool>',
      'target: pool to remove it from, `default`, the source of a route or an SNI name',
    )
    .option('--drain', 'target: drain it first, and remove it when its connections have ended or time is up')
    .addOption(
      new Option(
        '--timeout <seconds>',
        'with --drain: how long connections may take to end (default: settings.defaultDrainTimeoutMs)',
      ).argParser(integerParser(min / 1000, max / 1000)),
    )
    .addHelpText('after', `\nExamples:\n${examples.join('\n')}`);
  addChangeOptions(command).action((what: keyof typeof KINDS, words: string[], options: RemoveOptions) =>
    remove(KINDS[what], words, options, context),
  );
}

async function remove(
  kind: KindOfThing,
  words: readonly string[],
  options: RemoveOptions,
  context: CommandContext,
): Promise<void> {
  const [first, second = ''] = words;
  const isTarget = kind.usage === KINDS.target.usage;
  if (first === undefined || words.length !== kind.names || (options.drain && !isTarget)) {
    throw new SluiceError('usage', 'something is missing, or too much, to remove it', { fix: kind.usage });
  }
  if (options.drain && !options.dryRun) {
    const timeoutMs = options.timeout === undefined ? undefined : options.timeout * 1000;
    await drainFirst(clientOf(options), first, second, timeoutMs);
  }
  await doChange(kind.change([first, second], options), options, context);
}

/** Drains a target and waits for the end. @throws SluiceError `conflict` when somebody cancels it meanwhile */
async function drainFirst(
  client: AdminClient,
  proxy: string,
  target: string,
  timeoutMs: number | undefined,
): Promise<void> {
  let { drain } = await client.setTargetState(proxy, target, 'drain', timeoutMs);
  while (drain?.status === 'draining') {
    await sleep(POLL_MS);
    ({ drain } = await client.targetState(proxy, target));
  }
  if (drain?.status !== 'cancelled') return;
  throw new SluiceError('conflict', `the drain of ${target} was cancelled: it is not removed`);
}
