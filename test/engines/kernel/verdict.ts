import type { HookName } from '../model/basics.ts';
import type { Outcome } from '../model.ts';

type Verdict = Outcome['verdict'];

/** `enum xdp_action`; nothing else may come out of the program. */
const XDP: readonly Verdict[] = ['aborted', 'drop', 'pass'];
const XDP_REDIRECT = 4;
/** `TC_ACT_*`. */
const TC_UNSPEC = 0xffffffff;
const TC_SHOT = 2;
const TC_REDIRECT = 7;

/** What a return value means. @throws RangeError for one that none of the programs may give */
export function verdictOf(hook: HookName, retval: number): Verdict {
  const verdict = hook === 'xdp_ingress' ? xdpVerdict(retval) : tcVerdict(retval);
  if (verdict === undefined) throw new RangeError(`${hook} returned ${retval}, which is no verdict of ours`);
  return verdict;
}

function xdpVerdict(retval: number): Verdict | undefined {
  return retval === XDP_REDIRECT ? 'redirect' : XDP[retval];
}

function tcVerdict(retval: number): Verdict | undefined {
  if (retval === TC_UNSPEC) return 'pass';
  if (retval === TC_SHOT) return 'drop';
  return retval === TC_REDIRECT ? 'redirect' : undefined;
}
