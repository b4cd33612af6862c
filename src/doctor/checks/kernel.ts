import type { Check } from '../facts.ts';
import { isAtLeast } from '../kernel-release.ts';

/** bpf_for_each_map_elem, bpf_timer and the program types that the data path is made of. */
const MINIMUM = [5, 15] as const;

/** The kernel is new enough. */
export const checkKernel: Check = (_subject, { kernelRelease }) => {
  const check = 'kernel';
  const wanted = MINIMUM.join('.');
  if (isAtLeast(kernelRelease, MINIMUM)) {
    return [{ check, level: 'ok', message: `Linux ${kernelRelease} (${wanted} or later is needed)` }];
  }
  return [
    {
      check,
      level: 'fail',
      message: `Linux ${kernelRelease} is too old`,
      fix: `boot a kernel of version ${wanted} or later`,
    },
  ];
};
