import type * as z from 'zod';
import type { Path, Step } from '../source/tree.ts';
import type { Report } from './report.ts';
import { showValue } from './show.ts';
import { nearest } from './words.ts';

type Issue = z.core.$ZodIssue;
type UnionIssue = z.core.$ZodIssueInvalidUnion;

/** Tells `report` of every issue that a schema has with `value`, which is at `path`. */
export function reportIssues(value: unknown, path: Path, issues: readonly Issue[], report: Report): void {
  for (const issue of issues) reportIssue(value, path, issue, report);
}

function reportIssue(root: unknown, rootPath: Path, issue: Issue, report: Report): void {
  const steps = issue.path.filter(isStep);
  const value = valueAt(root, steps);
  const path = [...rootPath, ...steps];
  switch (issue.code) {
    case 'unrecognized_keys':
      for (const key of issue.keys) reportUnknownKey([...path, key], issue.message.split(' '), report);
      break;
    case 'invalid_union':
      reportUnion(value, path, issue, report);
      break;
    case 'invalid_key':
      report.keyProblem(path, issue.issues.map((inner) => inner.message).join(', '));
      break;
    case 'invalid_value':
      report.problem(path, `${foundInstead(value)}, ${issue.message}${suggestValue(value, issue.values)}`);
      break;
    default:
      report.problem(
        path,
        `${mayBeSecret(path, value) ? 'found a text' : foundInstead(value)}, ${issue.message}`,
      );
  }
}

/** Reports what is wrong with the kind of value that was meant; if no kind was, that none of them was found. */
function reportUnion(value: unknown, path: Path, union: UnionIssue, report: Report): void {
  const meant = union.errors.find((issues) => issues.length > 0 && !issues.some(refusesTheWhole));
  if (meant !== undefined) {
    reportIssues(value, path, meant, report);
    return;
  }
  const words = union.errors.flat().flatMap((inner) => (inner.code === 'invalid_value' ? inner.values : []));
  report.problem(path, `${foundInstead(value)}, ${union.message}${suggestValue(value, words)}`);
}

function foundInstead(value: unknown): string {
  return value === undefined ? 'is missing' : `found ${showValue(value)}`;
}

/** Secrets are not repeated: messages go to terminals, logs and answers. */
function mayBeSecret(path: Path, value: unknown): boolean {
  return (
    typeof value === 'string' && path[1] === 'adminApi' && /adminApi|token|apiKey/i.test(String(path.at(-1)))
  );
}

function reportUnknownKey(path: Path, known: readonly string[], report: Report): void {
  const written = String(path.at(-1));
  const meant = nearest(written, known);
  const hint =
    meant === undefined
      ? `, expected one of ${known.map((word) => `\`${word}\``).join(', ')}`
      : `; did you mean \`${meant}\`?`;
  const merge = written === '<<' ? ' (YAML 1.2 has no merge keys)' : '';
  report.keyProblem(path, `unknown key${merge}${hint}`);
}

function suggestValue(value: unknown, known: readonly unknown[]): string {
  const words = known.filter((word) => typeof word === 'string');
  const meant = typeof value === 'string' ? nearest(value, words) : undefined;
  return meant === undefined ? '' : `; did you mean "${meant}"?`;
}

/** Whether an issue says that the value is of another kind altogether, so that this branch was not meant. */
function refusesTheWhole(issue: Issue): boolean {
  return issue.path.length === 0 && (issue.code === 'invalid_type' || issue.code === 'invalid_value');
}

function valueAt(root: unknown, steps: readonly Step[]): unknown {
  let value = root;
  for (const step of steps) value = isIndexable(value) ? value[step] : undefined;
  return value;
}

function isIndexable(value: unknown): value is Record<Step, unknown> {
  return typeof value === 'object' && value !== null;
}

function isStep(step: PropertyKey): step is Step {
  return typeof step !== 'symbol';
}
