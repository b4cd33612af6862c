import type { Check } from '../facts.ts';

/** libbpf can be loaded. */
export const checkLibbpf: Check = (_subject, { libbpf }) => {
  const check = 'libbpf';
  if ('version' in libbpf)
    return [{ check, level: 'ok', message: `version ${libbpf.version.replace(/^v/, '')}` }];
  return [
    {
      check,
      level: 'fail',
      message: `libbpf.so.1 cannot be loaded: ${libbpf.problem}`,
      fix: 'apt-get install libbpf1   (Fedora, Arch: libbpf)',
    },
  ];
};
