import { type Difference, describeDifference } from '../../config/index.ts';
import type { ChangeReport } from '../../report/index.ts';
import { formatWarnings } from './detail.ts';
import type { Style } from './style.ts';
import { formatCount } from './units.ts';

/** Differences for people, one a line: `+` what is new, `-` what is gone, `~` what is other. */
export function formatDifferences(differences: readonly Difference[], style: Style): string {
  return differences.map((each) => `${signed(each, style)}\n`).join('');
}

/** What a change has done, or would do, for people. */
export function formatChange(report: ChangeReport, style: Style): string {
  const { differences, dryRun, generation, plan } = report;
  const parts = [formatDifferences(differences, style)];
  if (plan !== null) parts.push(plan.map((step) => `  ${style.faint(step)}\n`).join(''));
  parts.push(style.faint(`${summary(differences.length, dryRun, generation)}\n`));
  return parts.join('');
}

/** What a person should know besides what was done: warnings, and what a reload takes back. */
export function formatConcerns({ warnings, lost, dryRun }: ChangeReport, style: Style): string {
  const verb = dryRun ? 'would be' : 'were';
  const lines = [formatWarnings(warnings, style)];
  if (lost.length > 0) {
    lines.push(`${style.warning('warning:')} changes made at run time ${verb} taken back:\n`);
    lines.push(...lost.map((each) => `  ${signed(each, style)}\n`));
  }
  return lines.join('');
}

function summary(count: number, dryRun: boolean, generation: number): string {
  if (count === 0) return 'no differences';
  const changes = count === 1 ? '1 change' : `${formatCount(count)} changes`;
  return dryRun ? `${changes}, nothing was applied` : `${changes} in force, generation ${generation}`;
}

function signed(difference: Difference, style: Style): string {
  const text = describeDifference(difference);
  switch (difference.op) {
    case 'add':
      return style.good(`+ ${text}`);
    case 'remove':
      return style.bad(`- ${text}`);
    case 'change':
      return style.warning(`~ ${text}`);
  }
}
