import { Argument, type Command, Option } from 'commander';
import type { Change } from '../../config/index.ts';
import { SluiceError } from '../../errors/index.ts';
import { addChangeOptions, type ChangeCommandOptions, doChange } from '../change-options.ts';
import type { CommandContext } from '../context.ts';
import { targetOf, weightedTargetOf } from '../endpoints.ts';
import { collect, integerParser } from '../options.ts';

interface AddOptions extends ChangeCommandOptions {
  readonly pool?: string;
  readonly weight?: number;
  readonly interface?: readonly string[];
  readonly address?: readonly string[];
  readonly port?: number;
  readonly protocol?: string;
  readonly mode?: string;
  readonly replace?: boolean;
}

/** What can be added, and how. */
const KINDS = {
  proxy: { usage: 'sluice add proxy NAME -i eth0 -p 80 TARGET[=WEIGHT]...', change: addProxy },
  target: { usage: 'sluice add target PROXY TARGET [--weight PERCENT] [--pool POOL]', change: addTarget },
  route: { usage: 'sluice add route PROXY SOURCE TARGET[=WEIGHT]...', change: addSourceRoute },
  'sni-route': { usage: 'sluice add sni-route PROXY HOSTNAME TARGET[=WEIGHT]...', change: addSniRoute },
} as const;

type Kind = keyof typeof KINDS;

/** `sluice add`. */
export function addAddCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('add')
    .description('add a proxy, a target or a route to what runs; `sluice config` shows the result as a file')
    .addArgument(new Argument('<what>', 'what to add').choices(Object.keys(KINDS)))
    .argument('[words...]', 'names and targets, see the examples')
    .option('--pool <pool>', 'target: pool to add it to, `default`, the source of a route or an SNI name')
    .addOption(
      new Option('--weight <percent>', 'target: its share; the others share the rest as they did').argParser(
        integerParser(1, 100),
      ),
    )
    .option('-i, --interface <name>', 'proxy: interface to listen on; may be given several times', collect)
    .option('--address <ip>', 'proxy: address to listen on; may be given several times', collect)
    .addOption(
      new Option('-p, --port <port>', 'proxy: port to listen on').argParser(integerParser(1, 65_535)),
    )
    .addOption(new Option('--protocol <protocol>', 'proxy: what it accepts').choices(['tcp', 'udp', 'both']))
    .addOption(new Option('--mode <mode>', 'proxy: how packets reach its targets').choices(['nat', 'snat']))
    .option('--replace', 'proxy, route, sni-route: put it in the place of the one there is')
    .addHelpText(
      'after',
      `\nExamples:\n${Object.values(KINDS)
        .map(({ usage }) => `  ${usage}`)
        .join('\n')}`,
    );
  addChangeOptions(command).action((what: Kind, words: string[], options: AddOptions) =>
    doChange(KINDS[what].change(words, options), options, context),
  );
}

function addProxy([name, ...targets]: readonly string[], options: AddOptions): Change {
  if (name === undefined || targets.length === 0 || options.port === undefined) throw misused('proxy');
  const { interface: interfaces, address, port, protocol, mode, replace } = options;
  const proxy = {
    name,
    listen: { interfaces, address, port, protocol },
    mode,
    defaultTarget: targets.map(weightedTargetOf),
  };
  // What was not given is left out, as in a file.
  const document: unknown = JSON.parse(JSON.stringify(proxy));
  return replace ? { kind: 'setProxy', name, proxy: document } : { kind: 'addProxy', proxy: document };
}

function addTarget([proxy, target, ...more]: readonly string[], { pool, weight }: AddOptions): Change {
  if (proxy === undefined || target === undefined || more.length > 0) throw misused('target');
  const input = { ...targetOf(target), ...(weight === undefined ? {} : { weight }) };
  return { kind: 'addTarget', proxy, pool, target: input };
}

function addSourceRoute([proxy, source, ...targets]: readonly string[], { replace }: AddOptions): Change {
  if (proxy === undefined || source === undefined || targets.length === 0) throw misused('route');
  const route = { source, targets: targets.map(weightedTargetOf) };
  if (replace) return { kind: 'setSourceRoute', proxy, source, route };
  return { kind: 'addSourceRoute', proxy, route };
}

function addSniRoute([proxy, hostname, ...targets]: readonly string[], { replace }: AddOptions): Change {
  if (proxy === undefined || hostname === undefined || targets.length === 0) throw misused('sni-route');
  const route = { sniHostname: hostname, targets: targets.map(weightedTargetOf) };
  if (replace) return { kind: 'setSniRoute', proxy, hostname, route };
  return { kind: 'addSniRoute', proxy, route };
}

function misused(kind: Kind): SluiceError {
  return new SluiceError('usage', `something is missing, or too much, to add a ${kind}`, {
    fix: KINDS[kind].usage,
  });
}
