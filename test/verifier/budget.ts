import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { BpfObject, type VerifierStatistics } from '../../src/libbpf/index.ts';

/** By how much a figure may exceed its budget before somebody must look at it. */
const TOLERANCE = 1.1;
/** How the budget is changed on purpose. */
const UPDATE = 'if that is meant to be, run `npm run budget -- --update` on this kernel and commit the file';

const figures = z.object({
  /** Instructions that the verifier looks at; the kernel allows 1,000,000. */
  instructions: z.number().int().positive(),
  /** Stack of the program and the deepest function that it calls; the kernel allows 512 bytes. */
  stackBytes: z.number().int().min(0),
});
const budgets = z.record(z.string(), z.record(z.string(), figures));

/** What one program takes. */
export type Figures = z.infer<typeof figures>;
/** By program. */
export type Budget = Readonly<Record<string, Figures>>;

/** Kernels that share a budget: `6.18-x64`, `6.1-arm64`. @param release as uname says it */
export function familyOf(release: string, arch: string): string {
  const version = /^\d+\.\d+/.exec(release)?.[0];
  if (version === undefined) throw new Error(`'${release}' is no kernel release`);
  return `${version}-${arch}`;
}

/** The budget of a family; undefined when the file has none. @throws ZodError for a file of another shape */
export function readBudget(path: string, family: string): Budget | undefined {
  return readAll(path)[family];
}

/** Writes the budget of a family into the file, beside those of the others. */
export function writeBudget(path: string, family: string, budget: Budget): void {
  const all = { ...readAll(path), [family]: budget };
  const sorted = Object.fromEntries(Object.entries(all).sort(([a], [b]) => a.localeCompare(b)));
  writeFileSync(path, `${JSON.stringify(sorted, null, 2)}\n`);
}

/** Loads every program of an object into this kernel and tells what each took. @throws BpfError */
export function measure(objectPath: string): Budget {
  using object = BpfObject.open(objectPath);
  const statistics = [...object.loadWithStatistics()];
  return Object.fromEntries(statistics.map(([program, each]) => [program, figuresOf(each)]));
}

/** What exceeds a budget by more than a tenth, or has none: one sentence each, which says what to do. */
export function overruns(family: string, budget: Budget, measured: Budget): readonly string[] {
  const missing = Object.keys(budget).filter((program) => measured[program] === undefined);
  const gone = missing.map(
    (program) => `${program} has a budget for ${family}, but does not exist; ${UPDATE}`,
  );
  const grown = Object.entries(measured).flatMap(([program, figure]) => {
    const allowed = budget[program];
    if (allowed === undefined) return [`${program} has no budget for ${family}; ${UPDATE}`];
    return (['instructions', 'stackBytes'] as const)
      .filter((name) => figure[name] > allowed[name] * TOLERANCE)
      .map(
        (name) =>
          `${program} takes ${figure[name]} ${name} on ${family}, its budget is ${allowed[name]}; ${UPDATE}`,
      );
  });
  return [...gone, ...grown];
}

/** The program and the largest of its functions. Where functions call each other the kernel itself adds up and refuses. */
function figuresOf({ instructions, stackBytes }: VerifierStatistics): Figures {
  const [program = 0, ...functions] = stackBytes;
  return { instructions, stackBytes: program + Math.max(0, ...functions) };
}

function readAll(path: string): Readonly<Record<string, Budget>> {
  return budgets.parse(JSON.parse(readFileSync(path, 'utf8')));
}
