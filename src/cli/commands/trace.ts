import { type Command, Option } from 'commander';
import type { Protocol } from '../../config/index.ts';
import { SluiceError } from '../../errors/index.ts';
import type { TraceReport } from '../../report/index.ts';
import type { CommandContext } from '../context.ts';
import type { Style } from '../format/style.ts';
import { adminSocketOption, clientOf, instanceOption, outputOption, type ReadOptions } from '../options.ts';
import { formatTargets } from './targets.ts';

interface TraceOptions extends ReadOptions {
  readonly protocol: Protocol;
  readonly sni?: string;
}

/** Status when the connection would not be balanced. */
const NOT_BALANCED = 1;

/** `sluice trace`. */
export function addTraceCommand(program: Command, context: CommandContext): void {
  program
    .command('trace')
    .description('show where a connection would go, and why: listener, route, targets, open flows')
    .argument('<client>', 'address of the client, or ADDRESS:PORT')
    .argument('[destination]', "where it connects to: ADDRESS:PORT; an arrow may be written in between: '->'")
    .addOption(
      new Option('--protocol <protocol>', 'transport protocol').choices(['tcp', 'udp']).default('tcp'),
    )
    .addOption(new Option('--sni <name>', 'host name that the client asks for (TLS)'))
    .addOption(instanceOption())
    .addOption(adminSocketOption())
    .addOption(outputOption())
    .addHelpText('after', "\nExample:\n  sluice trace 192.168.1.7 '->' 10.0.0.9:443 --sni api.example.com")
    .action((client: string, destination: string | undefined, options: TraceOptions) =>
      trace([client, destination ?? ''].join(' '), options, context),
    );
}

async function trace(words: string, options: TraceOptions, context: CommandContext): Promise<void> {
  const [client, destination, ...more] = words.trim().split(/\s*->\s*|\s+/);
  if (!client || !destination || more.length > 0) {
    throw new SluiceError('usage', 'trace needs a client and a destination', {
      fix: 'sluice trace 192.168.1.7 10.0.0.9:443',
    });
  }
  const { protocol, sni } = options;
  const report = await clientOf(options).trace({ client, destination, protocol, sni });
  if (options.output === 'json') context.printJson(report);
  else context.print(formatTrace(report, context.style));
  if (report.outcome !== 'balanced') context.exitCode = NOT_BALANCED;
}

/** The way of a connection for people: the steps, and below the targets with the factors of their weights. */
export function formatTrace(
  { client, destination, protocol, outcome, steps, candidates }: TraceReport,
  style: Style,
): string {
  const paint = outcome === 'balanced' ? style.good : style.bad;
  const heading = `${style.heading(`${client} -> ${destination}/${protocol}`)}  ${paint(outcome.replace('_', ' '))}\n`;
  const way = steps.map((step, index) => `${index + 1}. ${step}\n`).join('');
  return candidates.length === 0
    ? heading + way
    : `${heading}${way}\n${formatTargets({ targets: candidates }, style)}`;
}
