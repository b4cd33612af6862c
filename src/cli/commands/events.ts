import { setTimeout as sleep } from 'node:timers/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { AdminClient } from '../../admin/index.ts';
import { SluiceError } from '../../errors/index.ts';
import {
  EVENT_TYPES,
  type EventFilter,
  type EventType,
  FLOW_EVENT_TYPES,
  type StampedEvent,
} from '../../events/index.ts';
import type { CommandContext } from '../context.ts';
import { formatEvent } from '../format/event.ts';
import {
  adminSocketOption,
  clientOf,
  instanceOption,
  integerParser,
  outputOption,
  type ReadOptions,
} from '../options.ts';

interface EventsOptions extends ReadOptions {
  readonly follow?: boolean;
  readonly type?: readonly EventType[];
  readonly flows?: boolean;
  readonly proxy?: string;
  readonly limit: number;
}

/** Pause before a daemon that has ended is asked again. */
const RETRY_MS = 1_000;

/** `sluice events`. */
export function addEventsCommand(program: Command, context: CommandContext): void {
  program
    .command('events')
    .description('show what happened lately; with -f, what happens as it happens')
    .option('-f, --follow', 'go on until Ctrl-C, also over restarts of the daemon')
    .addOption(
      new Option(
        '--type <type>',
        `only events of this type; may be given several times: ${EVENT_TYPES.join(', ')}`,
      ).argParser(collectType),
    )
    .option(
      '--flows',
      'connections as they are opened and end (settings.statsEnabled), instead of other events; with -f',
    )
    .option('--proxy <name>', 'only what happens to this proxy')
    .addOption(
      new Option('--limit <count>', 'past events to show at most')
        .argParser(integerParser(0, 1_000))
        .default(20),
    )
    .addOption(instanceOption())
    .addOption(adminSocketOption())
    .addOption(outputOption())
    .action((options: EventsOptions) => events(options, context));
}

function collectType(text: string, previous: readonly EventType[] = []): readonly EventType[] {
  const known = EVENT_TYPES.find((type) => type === text);
  if (known === undefined) throw new InvalidArgumentError(`It is one of: ${EVENT_TYPES.join(', ')}.`);
  return [...previous, known];
}

async function events(options: EventsOptions, context: CommandContext): Promise<void> {
  const client = clientOf(options);
  const types = options.flows ? [...(options.type ?? []), ...FLOW_EVENT_TYPES] : options.type;
  const filter = { types, proxy: options.proxy };
  const recent = await client.recentEvents({ ...filter, limit: options.limit });
  for (const event of recent.events) show(event, options, context);
  if (!options.follow) return;
  const stop = new AbortController();
  const offs = (['SIGINT', 'SIGTERM'] as const).map((signal) =>
    context.io.onSignal(signal, () => stop.abort()),
  );
  try {
    await follow(client, { filter, after: recent.events.at(-1)?.id, signal: stop.signal }, options, context);
  } finally {
    for (const off of offs) off();
  }
}

interface Following {
  readonly filter: EventFilter;
  readonly after: string | undefined;
  readonly signal: AbortSignal;
}

/** Reads on where it was whenever the daemon comes back. */
async function follow(
  client: AdminClient,
  { filter, after, signal }: Following,
  options: EventsOptions,
  context: CommandContext,
): Promise<void> {
  let last = after;
  while (!signal.aborted) {
    try {
      for await (const event of client.events({ ...filter, after: last, signal })) {
        last = event.id;
        show(event, options, context);
      }
    } catch (error) {
      if (!(error instanceof SluiceError && error.code === 'unreachable')) throw error;
    }
    await sleep(RETRY_MS, undefined, { signal }).catch(() => {});
  }
}

/** A line for people, or one JSON text. */
function show(event: StampedEvent, { output }: EventsOptions, context: CommandContext): void {
  context.print(output === 'json' ? `${JSON.stringify(event)}\n` : formatEvent(event, context.style));
}
