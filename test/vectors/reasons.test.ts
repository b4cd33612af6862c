import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { REASON_NAMES, Reason } from '../../src/datapath/generated/abi.ts';
import { casesOf } from './cases.ts';
import { loadVectorFiles } from './load.ts';
import { WRONG_ON_PURPOSE } from './wrong-on-purpose.ts';

/**
 * Reasons that no packet alone can be counted for, and why. Both need a helper of the kernel to fail;
 * test/engines/native/helper-faults.test.ts makes each of them fail, at each of its calls.
 */
const NEEDS_A_FAULT: Readonly<Record<string, string>> = {
  dropped_table_full:
    'flow tables are LRU hashes, in which an insertion evicts an older entry instead of failing, but under contention',
  dropped_busy: 'two CPUs must add to the bytes of one connection at the same time',
  dropped_rewrite_failed:
    'the rewrite stores within bounds that the parser has checked; it fails only when the kernel has no memory left',
};

/** Reasons that more than one packet leads to; test/oracle/late counts each of them. */
const NEEDS_A_CONVERSATION = ['forwarded_cookie', 'forwarded_reset', 'dropped_out_of_room'];

const files = loadVectorFiles(fileURLToPath(new URL('.', import.meta.url)), [WRONG_ON_PURPOSE]);
const cases = files.flatMap(casesOf);
const counted = new Set(cases.flatMap(({ expected }) => Object.keys(expected.reasons)));
const known = Object.entries(REASON_NAMES)
  .filter(([value]) => Number(value) !== Reason.none)
  .map(([, name]) => name);

describe('the vectors', () => {
  it('count every reason, but those that need a fault or a conversation', () => {
    const others = [...Object.keys(NEEDS_A_FAULT), ...NEEDS_A_CONVERSATION];
    expect(known.filter((name) => !counted.has(name)).sort()).toEqual(others.sort());
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
