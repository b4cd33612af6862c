import { type Command, Option } from 'commander';
import { SluiceError } from '../../errors/index.ts';
import type { CheckReport, HealthReport, StatusToSet } from '../../report/index.ts';
import type { CommandContext } from '../context.ts';
import { formatHealth } from '../format/health.ts';
import { formatMs } from '../format/units.ts';
import { adminSocketOption, clientOf, instanceOption, outputOption, type ReadOptions } from '../options.ts';

interface HealthOptions extends ReadOptions {
  readonly check?: boolean;
  readonly force?: boolean;
  readonly set?: StatusToSet;
}

/** Status of `--check` and `--force` when the answer is no. */
const UNHEALTHY = 1;

/** `sluice health`. */
export function addHealthCommand(program: Command, context: CommandContext): void {
  program
    .command('health')
    .description('show the health of targets; check one at once, or set it by hand')
    .argument('[proxy]', 'only this proxy')
    .argument('[target]', 'target of the proxy to check or set: IP:PORT')
    .option('--check', 'say nothing but an exit status: 0 when every pool has a target that is not unhealthy')
    .option('--force', 'check the target at once; exit status 1 when the check fails')
    .addOption(
      new Option(
        '--set <status>',
        'set the health of the target by hand; auto gives it back to its checks',
      ).choices(['healthy', 'unhealthy', 'auto']),
    )
    .addOption(instanceOption())
    .addOption(adminSocketOption())
    .addOption(outputOption())
    .action((proxy: string | undefined, target: string | undefined, options: HealthOptions) =>
      health(proxy, target, options, context),
    );
}

async function health(
  proxy: string | undefined,
  target: string | undefined,
  options: HealthOptions,
  context: CommandContext,
): Promise<void> {
  refuseContradictions(target, options);
  if (proxy === undefined || target === undefined) return show(proxy, options, context);
  if (options.force) return force(proxy, target, options, context);
  if (options.set === undefined) return show(proxy, options, context, target);
  await clientOf(options).setTargetStatus(proxy, target, options.set);
  const now = options.set === 'auto' ? 'left to its checks' : `set ${options.set}`;
  context.print(`${target} of ${proxy} is ${now}\n`);
}

function refuseContradictions(target: string | undefined, { check, force, set }: HealthOptions): void {
  const wishes = [check && '--check', force && '--force', set && '--set'].filter((each) => each);
  if (wishes.length > 1) throw new SluiceError('usage', `${wishes.join(' and ')} exclude each other`);
  if (target !== undefined || !(force || set)) return;
  throw new SluiceError('usage', `${wishes.join('')} needs a proxy and a target`, {
    fix: `sluice health PROXY IP:PORT ${force ? '--force' : `--set ${set}`}`,
  });
}

async function show(
  proxy: string | undefined,
  options: HealthOptions,
  context: CommandContext,
  target?: string,
): Promise<void> {
  const report = narrowed(await clientOf(options).health(proxy), proxy, target);
  if (options.check) {
    const isWell = report.proxies.every(({ canServe }) => canServe);
    if (!isWell) context.exitCode = UNHEALTHY;
  } else if (options.output === 'json') context.printJson(report);
  else context.print(formatHealth(report, context.style, Date.now()));
}

/** The report of one target: its proxy can serve when the target can. @throws SluiceError `not_found` */
function narrowed(report: HealthReport, proxy: string | undefined, target: string | undefined): HealthReport {
  if (target === undefined) return report;
  const proxies = report.proxies.map((each) => {
    const targets = each.targets.filter((one) => one.target === target);
    return { ...each, targets, canServe: targets.every(({ status }) => status !== 'unhealthy') };
  });
  if (proxies.some(({ targets }) => targets.length > 0)) return { ...report, proxies };
  throw new SluiceError('not_found', `proxy ${proxy} has no target ${target}`, {
    fix: `see: sluice health ${proxy}`,
  });
}

async function force(
  proxy: string,
  target: string,
  options: HealthOptions,
  context: CommandContext,
): Promise<void> {
  const report = await clientOf(options).forceCheck(proxy, target);
  if (options.output === 'json') context.printJson(report);
  else context.print(formatCheck(target, report));
  if (!report.success) context.exitCode = UNHEALTHY;
}

function formatCheck(target: string, { success, message, latencyMs }: CheckReport): string {
  return `${target}: ${success ? 'ok' : 'failed'}, ${message} (${formatMs(latencyMs)})\n`;
}
