import type { Command } from 'commander';
import type { AdminClient } from '../../admin/index.ts';
import { SluiceError } from '../../errors/index.ts';
import { addChangeOptions, type ChangeCommandOptions, doChange } from '../change-options.ts';
import type { CommandContext } from '../context.ts';
import { formatRateLimits } from '../format/rate-limits.ts';
import { clientOf } from '../options.ts';

interface RateLimitOptions extends ChangeCommandOptions {
  readonly perSource?: string;
  readonly perBackend?: string;
  readonly clear?: boolean;
}

/** `sluice rate-limit`. */
export function addRateLimitCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('rate-limit')
    .description('show limits on new connections and whom they hold back; with options: set those of a proxy')
    .argument('[proxy]', 'only this proxy')
    .option('--per-source <rate[:burst]>', 'what one source may open a second; 0 for no limit')
    .option('--per-backend <rate[:burst]>', 'what each target takes a second; 0 for no limit')
    .option('--clear', 'take the limits of settings.rateLimits again');
  addChangeOptions(command).action((proxy: string | undefined, options: RateLimitOptions) =>
    rateLimit(proxy, options, context),
  );
}

async function rateLimit(
  proxy: string | undefined,
  options: RateLimitOptions,
  context: CommandContext,
): Promise<void> {
  const { perSource, perBackend, clear = false } = options;
  const sets = perSource !== undefined || perBackend !== undefined;
  const client = clientOf(options);
  if (!sets && !clear) return show(client, proxy, options, context);
  if (proxy === undefined || (sets && clear)) {
    throw new SluiceError('usage', 'limits are set, or cleared, of one proxy', {
      fix: 'sluice rate-limit PROXY --per-source 100:200, or sluice rate-limit PROXY --clear',
    });
  }
  if (clear) return doChange({ kind: 'clearRateLimits', proxy }, options, context);
  const rateLimits = {
    ...(await ownLimits(client, proxy)),
    ...(perSource === undefined ? {} : { perSource: limitOf(perSource) }),
    ...(perBackend === undefined ? {} : { perBackend: limitOf(perBackend) }),
  };
  return doChange({ kind: 'setRateLimits', proxy, rateLimits }, options, context);
}

async function show(
  client: AdminClient,
  proxy: string | undefined,
  { output }: RateLimitOptions,
  context: CommandContext,
): Promise<void> {
  const all = await client.rateLimits();
  const proxies = all.proxies.filter((each) => proxy === undefined || each.proxy === proxy);
  if (proxy !== undefined && proxies.length === 0) {
    throw new SluiceError('not_found', `there is no proxy ${JSON.stringify(proxy)}`, {
      fix: `this balancer has: ${all.proxies.map((each) => each.proxy).join(', ')}`,
    });
  }
  if (output === 'json') context.printJson({ ...all, proxies });
  else context.print(formatRateLimits({ proxies }, context.style));
}

/** What the proxy itself says of limits: the rest comes from the settings, and stays. */
async function ownLimits(client: AdminClient, proxy: string): Promise<object> {
  const { config } = await client.configuration.running();
  const found = config.proxies.find(({ name }) => name === proxy)?.rateLimits;
  return typeof found === 'object' && found !== null ? found : {};
}

/** `100`, or `100:200` with the burst. @throws SluiceError `usage` */
function limitOf(text: string): object {
  const [, rate, burst] = /^(\d{1,9})(?::(\d{1,9}))?$/.exec(text) ?? [];
  if (rate === undefined) {
    throw new SluiceError('usage', `${JSON.stringify(text)} is not a limit`, {
      fix: 'write RATE or RATE:BURST, e.g. 100:200; 0 for no limit',
    });
  }
  return { requestsPerSec: Number(rate), ...(burst === undefined ? {} : { burst: Number(burst) }) };
}
