import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { REASON_NAMES, Reason } from '../../src/datapath/generated/abi.ts';
import { casesOf } from './cases.ts';
import { loadVectorFiles } from './load.ts';
import { NEEDS_A_FAULT } from './uncounted.ts';
import { WRONG_ON_PURPOSE } from './wrong-on-purpose.ts';

const files = loadVectorFiles(fileURLToPath(new URL('.', import.meta.url)), [WRONG_ON_PURPOSE]);
const cases = files.flatMap(casesOf);
const counted = new Set(cases.flatMap(({ expected }) => Object.keys(expected.reasons)));
const known = Object.entries(REASON_NAMES)
  .filter(([value]) => Number(value) !== Reason.none)
  .map(([, name]) => name);

describe('the vectors', () => {
  it('count every reason, but those that need a fault', () => {
    expect(known.filter((name) => !counted.has(name)).sort()).toEqual([...NEEDS_A_FAULT].sort());
  });

  it('count no reason that does not exist', () => {
    expect([...counted].filter((name) => !known.includes(name))).toEqual([]);
  });

  it('run every hook', () => {
    const hooks = new Set(cases.map(({ input }) => input.hook));
    expect([...hooks].sort()).toEqual(['tc_egress', 'tc_ingress', 'xdp_ingress']);
  });

  it('have names of their own within their file', () => {
    const names = cases.map((each) => `${each.file}: ${each.case.name}`);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});
