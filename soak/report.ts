import { type Column, formatDuration, formatTable, type Style } from '../src/cli/index.ts';
import type { Check } from './judge/check.ts';
import type { Plan, StageName } from './plan.ts';
import type { Sample } from './record.ts';

/** What a soak has found. */
export interface SoakReport {
  readonly startedAt: string;
  readonly seconds: number;
  readonly plan: Plan;
  readonly checks: readonly Check[];
  /** Every check. */
  readonly passed: boolean;
  readonly samples: readonly { readonly stage: StageName; readonly samples: readonly Sample[] }[];
}

const COLUMNS: readonly Column[] = [
  { title: 'STAGE' },
  { title: 'CHECK' },
  { title: 'FIGURE' },
  { title: 'LIMIT' },
  { title: 'RESULT' },
];

/** The report for people; plain where the style is. */
export function formatReport(report: SoakReport, style: Style): string {
  const rows = report.checks.map(({ stage, name, figure, limit, passed }) => [
    stage,
    name,
    figure,
    limit,
    passed ? 'ok' : style.bad('FAILED'),
  ]);
  const complaints = report.checks
    .filter(({ passed }) => !passed)
    .flatMap(({ stage, name, complaints }) => complaints.map((each) => `${stage}: ${name}: ${each}\n`));
  return [
    `${headline(report)}\n\n`,
    formatTable(COLUMNS, rows, style),
    ...(complaints.length > 0 ? ['\n', ...complaints] : []),
  ].join('');
}

function headline({ passed, plan, seconds, checks }: SoakReport): string {
  const failed = checks.filter((check) => !check.passed).length;
  const verdict = passed ? 'nothing wrong' : `${failed} of ${checks.length} checks failed`;
  const length = formatDuration(Math.round(plan.durationMs / 1000));
  return `soak of ${length} (${formatDuration(seconds)} in all), seed ${plan.seed}: ${verdict}`;
}
