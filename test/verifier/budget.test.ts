import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { objectPath } from '../../src/datapath/index.ts';
import { familyOf, measure, overruns, readBudget, writeBudget } from './budget.ts';

const FILE = fileURLToPath(new URL('budget.json', import.meta.url));
const STACK_LIMIT = 512;
const INSTRUCTION_LIMIT = 1_000_000;

describe('what the verifier takes for the programs', () => {
  const family = familyOf(release(), process.arch);
  const measured = measure(objectPath());

  it('is within the budget of this kernel', (context) => {
    const budget = readBudget(FILE, family);
    if (!budget) context.skip(`no budget for ${family}: npm run budget -- --update writes one`);
    expect(overruns(family, budget ?? {}, measured)).toEqual([]);
  });

  it('is told of each program, and below what any kernel allows', () => {
    expect(Object.keys(measured).sort()).toEqual(['sweep', 'tc_egress', 'tc_ingress', 'xdp_ingress']);
    for (const { instructions, stackBytes } of Object.values(measured)) {
      expect(instructions).toBeGreaterThan(0);
      expect(instructions).toBeLessThan(INSTRUCTION_LIMIT);
      expect(stackBytes).toBeGreaterThan(0);
      expect(stackBytes).toBeLessThanOrEqual(STACK_LIMIT);
    }
  });
});

describe('a budget', () => {
  const budget = { tc_ingress: { instructions: 1000, stackBytes: 100 } };

  it('lets a program grow by a tenth, and no more', () => {
    const takes = (instructions: number, stackBytes: number) =>
      overruns('6.1-x64', budget, { tc_ingress: { instructions, stackBytes } });
    expect(takes(1100, 110)).toEqual([]);
    expect(takes(1101, 100)).toEqual([
      expect.stringMatching(
        /^tc_ingress takes 1101 instructions on 6\.1-x64, its budget is 1000; .*npm run budget -- --update/,
      ),
    ]);
    expect(takes(1000, 111)).toEqual([expect.stringContaining('111 stackBytes')]);
  });

  it('must have every program, and none that is gone', () => {
    const other = { xdp_ingress: { instructions: 1, stackBytes: 1 } };
    expect(overruns('6.1-x64', budget, other)).toEqual([
      expect.stringContaining('tc_ingress has a budget for 6.1-x64, but does not exist'),
      expect.stringContaining('xdp_ingress has no budget for 6.1-x64'),
    ]);
  });

  it('is written beside those of other kernels', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-budget-'));
    try {
      const file = join(folder, 'budget.json');
      writeFileSync(file, '{}');
      writeBudget(file, '6.12-x64', budget);
      writeBudget(file, '6.1-arm64', budget);
      expect(Object.keys(JSON.parse(readFileSync(file, 'utf8')))).toEqual(['6.1-arm64', '6.12-x64']);
      expect(readBudget(file, '6.12-x64')).toEqual(budget);
      expect(readBudget(file, '5.15-x64')).toBeUndefined();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('is shared by the kernels of a release and a machine', () => {
    expect(familyOf('6.1.0-49-amd64', 'x64')).toBe('6.1-x64');
    expect(familyOf('6.18.44', 'arm64')).toBe('6.18-arm64');
    expect(() => familyOf('nonsense', 'x64')).toThrow("'nonsense' is no kernel release");
  });
});
