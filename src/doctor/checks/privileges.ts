import { missingCapabilities, PRIVILEGE_FIX } from '../capabilities.ts';
import type { Check } from '../facts.ts';

/** This process may load and attach programs. */
export const checkPrivileges: Check = (_subject, { capabilities, userNamespace }) => {
  const check = 'privileges';
  if (capabilities === null) {
    return [
      { check, level: 'warn', message: 'capabilities cannot be read', fix: 'mount -t proc proc /proc' },
    ];
  }
  const missing = missingCapabilities(capabilities);
  if (missing.length > 0) {
    return [{ check, level: 'fail', message: `${missing.join(', ')} missing`, fix: PRIVILEGE_FIX }];
  }
  if (userNamespace) {
    return [
      {
        check,
        level: 'fail',
        message: 'inside a user namespace, where the kernel refuses to load programs',
        fix: 'run outside of it (a rootless container is one; run it as root with --privileged)',
      },
    ];
  }
  return [{ check, level: 'ok', message: 'CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON are there' }];
};
