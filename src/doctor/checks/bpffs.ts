import type { Check } from '../facts.ts';

/** There is a place to pin the data path, so that it outlives the daemon. */
export const checkBpffs: Check = (_subject, { bpffs }) => {
  const check = 'bpffs';
  if (bpffs) return [{ check, level: 'ok', message: '/sys/fs/bpf is mounted' }];
  return [
    {
      check,
      level: 'fail',
      message:
        '/sys/fs/bpf is not mounted ("ip netns exec" hides it: enter with nsenter --net=/run/netns/NAME)',
      fix: 'mount -t bpf -o mode=0700 bpf /sys/fs/bpf',
    },
  ];
};
