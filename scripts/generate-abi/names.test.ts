import { describe, expect, it } from 'vitest';
import { camelCase, commonPrefix, pascalCase, upperCase } from './names.ts';

describe('the names of the generated layouts', () => {
  it('turn C names into those of TypeScript', () => {
    expect(pascalCase('flow_key')).toBe('FlowKey');
    expect(camelCase('PASSED_NOT_IP')).toBe('passedNotIp');
    expect(camelCase('_hidden')).toBe('hidden');
    expect(upperCase('flow_key')).toBe('FLOW_KEY');
  });

  it('leave out what the enumerators of an enum share', () => {
    expect(commonPrefix('reason', ['REASON_NONE', 'REASON_NOT_IP'])).toBe('REASON_');
    expect(commonPrefix('target_flag', ['TARGET_FLAG_LOCAL'])).toBe('TARGET_FLAG_');
    expect(commonPrefix('flow_state', ['FLOW_ST_SYN', 'FLOW_ST_UDP'])).toBe('FLOW_ST_');
    expect(commonPrefix('mixed', ['ALPHA', 'BETA'])).toBe('');
    expect(commonPrefix('mixed', ['A_ONE', 'B_ONE'])).toBe('');
  });
});
