import type { Command } from 'commander';
import { MAX_LIMIT } from '../../admin/index.ts';
import type { TargetsReport, TargetWeightReport } from '../../report/index.ts';
import type { CommandContext } from '../context.ts';
import type { Style } from '../format/style.ts';
import { type Column, formatTable } from '../format/table.ts';
import { formatCount, formatPercent } from '../format/units.ts';
import { mustBeProxy } from '../known-proxy.ts';
import { adminSocketOption, clientOf, instanceOption, outputOption, type ReadOptions } from '../options.ts';

interface TargetsOptions extends ReadOptions {
  readonly proxy?: string;
  readonly names?: boolean;
}

/** `sluice targets`. */
export function addTargetsCommand(program: Command, context: CommandContext): void {
  program
    .command('targets')
    .description('show the weight of every target: configured, effective, and what makes the difference')
    .option('--proxy <name>', 'only targets of this proxy')
    .option('--names', 'only their names, one a line')
    .addOption(instanceOption())
    .addOption(adminSocketOption())
    .addOption(outputOption())
    .action(async (options: TargetsOptions) => {
      const { proxy, output, names } = options;
      const client = clientOf(options);
      const report = await client.targets({ proxy, limit: MAX_LIMIT });
      if (proxy !== undefined && report.total === 0) await mustBeProxy(proxy, client);
      if (names) context.print(namesOf(report));
      else if (output === 'json') context.printJson(report);
      else context.print(formatTargets(report, context.style));
    });
}

/** Each target once, also when several pools have it. */
function namesOf({ targets }: TargetsReport): string {
  return [...new Set(targets.map(({ target }) => `${target}\n`))].join('');
}

const COLUMNS: readonly Column[] = [
  { title: 'PROXY' },
  { title: 'POOL' },
  { title: 'ALGORITHM' },
  { title: 'TARGET' },
  { title: 'CONFIGURED', align: 'right' },
  { title: 'HEALTH', align: 'right' },
  { title: 'DRAIN', align: 'right' },
  { title: 'CIRCUIT', align: 'right' },
  { title: 'LOAD', align: 'right' },
  { title: 'EFFECTIVE', align: 'right' },
  { title: 'SHARE', align: 'right' },
  { title: 'ACTIVE', align: 'right' },
  { title: 'WHY' },
];

/** The weights for people. */
export function formatTargets({ targets }: TargetsReport, style: Style): string {
  return formatTable(
    COLUMNS,
    targets.map((target) => row(target, style)),
    style,
  );
}

function row(target: TargetWeightReport, style: Style): string[] {
  const { health, drain, circuit, load } = target.factors;
  return [
    target.proxy,
    target.pool,
    target.algorithm,
    target.target,
    formatWeight(target.configuredWeight),
    paintFactor(health.value, style),
    paintFactor(drain.value, style),
    paintFactor(circuit.value, style),
    paintFactor(load.value, style),
    formatWeight(target.effectiveWeight),
    formatPercent(target.sharePercent),
    formatCount(target.activeFlows),
    whyOf(target.factors),
  ];
}

/** What takes most; with nothing to tell, what checks say. */
function whyOf({ health, drain, circuit, load }: TargetWeightReport['factors']): string {
  const taken = [drain, circuit].find(({ value }) => value < 1);
  if (taken !== undefined) return taken.reason;
  return health.value === 1 && load.value < 1 ? load.reason : health.reason;
}

/** A third of a name's weight has no end. */
function formatWeight(weight: number): string {
  return String(Number(weight.toFixed(2)));
}

/** `x0.25`, in the colour of how well that is. */
function paintFactor(value: number, style: Style): string {
  const paint = value === 1 ? style.good : value === 0 ? style.bad : style.warning;
  return paint(`x${formatWeight(value)}`);
}
