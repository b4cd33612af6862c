import type { Command } from 'commander';
import { MAX_LIMIT } from '../../admin/index.ts';
import type {
  LatenciesReport,
  TargetLatencyReport,
  TargetsReport,
  TargetWeightReport,
} from '../../report/index.ts';
import type { CommandContext } from '../context.ts';
import type { Style } from '../format/style.ts';
import { type Column, formatTable } from '../format/table.ts';
import { formatCount, formatMs, formatPercent } from '../format/units.ts';
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
    .description('show the weight of every target, what makes the difference, and how quickly it answers')
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
      if (names) return context.print(namesOf(report));
      const latencies = await client.latencies();
      const { windowSeconds } = latencies;
      const targets = withLatencies(report, latencies);
      if (output === 'json') context.printJson({ ...report, windowSeconds, targets });
      else context.print(formatWithLatencies(targets, context.style));
    });
}

/** Each target once, also when several pools have it. */
function namesOf({ targets }: TargetsReport): string {
  return [...new Set(targets.map(({ target }) => `${target}\n`))].join('');
}

/** A target of a pool, and how long it took to answer SYNs lately. */
interface TargetRow extends TargetWeightReport {
  /** Null when it has not been asked for yet. */
  readonly connectLatency: Omit<TargetLatencyReport, 'proxy' | 'target'> | null;
}

function withLatencies({ targets }: TargetsReport, latencies: LatenciesReport): readonly TargetRow[] {
  const known = new Map(
    latencies.targets.map(({ proxy, target, ...latency }) => [`${proxy} ${target}`, latency]),
  );
  return targets.map((each) => ({
    ...each,
    connectLatency: known.get(`${each.proxy} ${each.target}`) ?? null,
  }));
}

const COLUMNS: readonly Column[] = [
  { title: 'PROXY' },
  { title: 'POOL' },
  { title: 'ALGORITHM', dispensable: 10 },
  { title: 'TARGET' },
  { title: 'CONFIGURED', align: 'right', dispensable: 2 },
  { title: 'HEALTH', align: 'right', dispensable: 6 },
  { title: 'DRAIN', align: 'right', dispensable: 7 },
  { title: 'CIRCUIT', align: 'right', dispensable: 8 },
  { title: 'LOAD', align: 'right', dispensable: 9 },
  { title: 'EFFECTIVE', align: 'right' },
  { title: 'SHARE', align: 'right' },
  { title: 'ACTIVE', align: 'right', dispensable: 3 },
];

const LATENCY_COLUMNS: readonly Column[] = [
  { title: 'P50', align: 'right', dispensable: 5 },
  { title: 'P95', align: 'right', dispensable: 1 },
  { title: 'P99', align: 'right', dispensable: 4 },
];

const WHY: Column = { title: 'WHY' };

/** The weights for people. */
export function formatTargets({ targets }: TargetsReport, style: Style): string {
  const rows = targets.map((target) => [...weightCells(target, style), whyOf(target.factors)]);
  return formatTable([...COLUMNS, WHY], rows, style);
}

/** The weights for people, and how quickly each target answers. */
function formatWithLatencies(targets: readonly TargetRow[], style: Style): string {
  const rows = targets.map((target) => [
    ...weightCells(target, style),
    ...latencyCells(target),
    whyOf(target.factors),
  ]);
  return formatTable([...COLUMNS, ...LATENCY_COLUMNS, WHY], rows, style);
}

function latencyCells({ connectLatency: of }: TargetRow): string[] {
  return [of?.p50Ms, of?.p95Ms, of?.p99Ms].map(formatMs);
}

function weightCells(target: TargetWeightReport, style: Style): string[] {
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
