import { checkBpffs } from './checks/bpffs.ts';
import { checkForwarding } from './checks/forwarding.ts';
import { checkInterfaces } from './checks/interfaces.ts';
import { checkJit } from './checks/jit.ts';
import { checkKernel } from './checks/kernel.ts';
import { checkLibbpf } from './checks/libbpf.ts';
import { checkLocalnet } from './checks/localnet.ts';
import { checkMtu } from './checks/mtu.ts';
import { checkOffloads } from './checks/offloads.ts';
import { checkPrivileges } from './checks/privileges.ts';
import { checkReturnPath } from './checks/return-path.ts';
import { checkRoutes } from './checks/routes.ts';
import { checkRpFilter } from './checks/rp-filter.ts';
import { checkXdp } from './checks/xdp.ts';
import type { Check, Facts, Subject } from './facts.ts';
import type { Finding } from './finding.ts';

/** In the order in which a reader would mend things. */
const CHECKS: readonly Check[] = [
  checkKernel,
  checkLibbpf,
  checkPrivileges,
  checkBpffs,
  checkJit,
  checkInterfaces,
  checkXdp,
  checkOffloads,
  checkForwarding,
  checkRpFilter,
  checkRoutes,
  checkMtu,
  checkLocalnet,
  checkReturnPath,
];

/** Applies every check. Pure: the same facts give the same findings. */
export function preflight(subject: Subject, facts: Facts): Finding[] {
  return CHECKS.flatMap((check) => check(subject, facts));
}
