import { describe, expect, it } from 'vitest';
import type { Check, Facts, Subject } from '../facts.ts';
import { facts, subject } from '../sample-facts.fixture.ts';

/** One test of one check, told by what differs from a healthy host. */
export interface CheckCase {
  readonly name: string;
  readonly check: Check;
  readonly facts?: Partial<Facts>;
  readonly subject?: Partial<Subject>;
  /** Levels of the findings, in order. */
  readonly finds: readonly string[];
  /** What the first finding says. */
  readonly says?: RegExp;
  /** The fix of the last finding. */
  readonly fix?: RegExp;
}

/** Tests every case; whatever it finds is one line, and comes with a fix unless it is ok. */
export function describeChecks(title: string, cases: readonly CheckCase[]): void {
  describe(title, () => {
    it.each(cases)('$check.name $name', ({ check, finds, says, fix, ...given }) => {
      const findings = check(subject(given.subject), facts(given.facts));
      expect(findings.map(({ level }) => level)).toEqual(finds);
      if (says !== undefined) expect(findings[0]?.message).toMatch(says);
      if (fix !== undefined) expect(findings.at(-1)?.fix).toMatch(fix);
      for (const finding of findings) {
        expect(finding.message).not.toContain('\n');
        if (finding.level !== 'ok') expect(finding.fix, finding.message).toMatch(/\S/);
      }
    });
  });
}
