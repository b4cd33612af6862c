import { type Column, formatCount, formatDuration, formatTable, type Style } from '../../src/cli/index.ts';
import { CONTENDER_TITLES, type ContenderName } from '../contenders/contender.ts';
import { COST_CASES, type CostCase } from '../cost/samples.ts';
import type { Aim, BenchReport, CostResult, Measurement } from './model.ts';

/** Contenders that the others are compared with in the tables. */
const COMPARED: readonly ContenderName[] = ['plain', 'nftables', 'ipvs', 'haproxy'];
const NOTHING = '-';

const CASE_TITLES: Readonly<Record<CostCase, string>> = {
  bare: 'bare 5-tuple look-up',
  bareRoute: 'bare look-up + FIB',
  established: 'Sluice XDP: established',
  lateEstablished: 'Sluice XDP: established, bound late',
  reply: 'Sluice XDP: reply',
  lateReply: 'Sluice XDP: reply, bound late',
  pass: 'Sluice XDP: no listener',
  new: 'Sluice XDP: new connection',
  newLimited: 'Sluice XDP: new, limited',
  tcEstablished: 'Sluice TC: established',
  tcLateEstablished: 'Sluice TC: established, bound late',
};

const FORMATS: Readonly<Record<Measurement['unit'], (value: number) => string>> = {
  '1/s': (value) => formatCount(Math.round(value)),
  ms: (value) => value.toFixed(3),
  us: (value) => value.toFixed(1),
};

/** The report for people; plain where the style is. */
export function formatReport(report: BenchReport, style: Style): string {
  const sections = [
    heading(report),
    ...(report.cost.length > 0 ? [costSection(report.cost, style)] : []),
    ...report.measurements.map((measurement) => measurementSection(measurement, style)),
    ...(report.aims.length > 0 ? [aimSection(report.aims, style)] : []),
  ];
  return sections.join('\n');
}

function heading({ machine, plan, startedAt, seconds }: BenchReport): string {
  const where = `${machine.cpuCount} x ${machine.cpu}, Linux ${machine.kernel}, Node ${machine.node}`;
  const when = `${startedAt}, ${plan.rounds} rounds (cost: ${plan.cost.rounds}), took ${formatDuration(seconds)}`;
  return `${where}; load before: ${machine.loadBefore.toFixed(1)}\n${when}\n`;
}

function measurementSection({ title, unit, results }: Measurement, style: Style): string {
  const compared = COMPARED.filter((name) => results.some(({ contender }) => contender === name));
  const columns: Column[] = [
    { title: 'CONTENDER' },
    ...['MEDIAN', 'MIN', 'MAX', ...compared.map((name) => `/ ${name.toUpperCase()}`)].map(right),
  ];
  const format = FORMATS[unit];
  const rows = results.map((result) => [
    CONTENDER_TITLES[result.contender],
    format(result.median),
    format(result.min),
    format(result.max),
    ...compared.map((name) => (name === result.contender ? NOTHING : ratio(result.ratioTo[name]))),
  ]);
  return section(unit === '1/s' ? title : `${title}, ${unit}`, columns, rows, style);
}

function costSection(cost: readonly CostResult[], style: Style): string {
  const flows = [...new Set(cost.map((result) => result.flows))];
  const columns: Column[] = [
    { title: 'PACKET' },
    ...flows
      .flatMap((count) => [`${formatCount(count)} ${count === 1 ? 'FLOW' : 'FLOWS'}`, '/ BARE'])
      .map(right),
  ];
  const rows = COST_CASES.map((name) => [
    CASE_TITLES[name],
    ...flows.flatMap((count) => {
      const found = cost.find((result) => result.case === name && result.flows === count);
      return found ? [found.median.toFixed(0), ratio(found.ratioToBare)] : [NOTHING, NOTHING];
    }),
  ]);
  const note = 'New connections: the first column with room in the table, the second with the table full.\n';
  return section('cost of a packet in the program, ns of CPU time', columns, rows, style) + note;
}

function aimSection(aims: readonly Aim[], style: Style): string {
  const columns: Column[] = [{ title: 'AIM' }, right('WANTED'), right('FOUND'), { title: '' }];
  const rows = aims.map(({ what, bound, aim, value, met }) => [
    what,
    `${bound === 'at least' ? '>=' : '<='} ${ratio(aim)}`,
    ratio(value),
    met ? style.good('met') : style.warning('missed'),
  ]);
  return formatTable(columns, rows, style);
}

function section(
  title: string,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  style: Style,
): string {
  return `${style.heading(title)}\n${formatTable(columns, rows, style)}`;
}

function right(title: string): Column {
  return { title, align: 'right' };
}

function ratio(value: number | undefined): string {
  return value === undefined ? NOTHING : `${value.toFixed(2)}x`;
}
