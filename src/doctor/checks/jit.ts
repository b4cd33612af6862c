import type { Check } from '../facts.ts';

/** Programs run as machine code. */
export const checkJit: Check = (_subject, { jit }) => {
  const check = 'jit';
  if (jit === null) {
    return [
      {
        check,
        level: 'hint',
        message: 'only the first network namespace shows root whether the BPF compiler is on',
        fix: 'there: sysctl net.core.bpf_jit_enable   (it should be 1)',
      },
    ];
  }
  if (jit !== '0') return [{ check, level: 'ok', message: 'the BPF compiler is on' }];
  return [
    {
      check,
      level: 'warn',
      message: 'the BPF compiler is off: packets cost several times as much',
      fix: 'sysctl -w net.core.bpf_jit_enable=1',
    },
  ];
};
