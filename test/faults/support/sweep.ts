import { Complaints } from './complaints.ts';
import { type Errno, HONEST_ERRNOS } from './errors.ts';
import type { Fault, KernelCalls } from './kernel-calls.ts';
import { announce, Dice, isWanted } from './sample.ts';

/** One point of a sweep. */
export interface Point {
  /** Its number among the calls. */
  readonly at: number;
  /** Name of the call that it is about. */
  readonly failing: string;
  /** Lets the fault happen from now on. */
  readonly arm: () => void;
  /** Notes what is wrong; null is nothing. */
  readonly note: (complaint: string | null) => void;
}

/** What a sweep goes over. */
export interface SweepPlan {
  readonly what: string;
  readonly calls: KernelCalls;
  /** The calls of a run in which nothing fails. */
  readonly names: readonly string[];
  /** How many points are drawn when not all are wanted. */
  readonly some: number;
  /** What happens at a call; one is drawn for each point. */
  readonly kinds: readonly [Fault['kind'], ...Fault['kind'][]];
  /** Makes the stage good for the next point after one that went wrong, so that it is not blamed for it. */
  readonly mend: () => Promise<unknown>;
}

/** Calls of a piece of work in which nothing fails. */
export async function callsOf(calls: KernelCalls, work: () => Promise<unknown>): Promise<readonly string[]> {
  calls.set({ kind: 'count' });
  await work();
  calls.clear();
  return calls.names;
}

/** Does the work at every point. @throws AssertionError with all that was wrong at any of them */
export async function sweep(plan: SweepPlan, work: (point: Point) => Promise<void>): Promise<void> {
  const { what, calls, names, some, kinds, mend } = plan;
  const [dice, complaints] = [new Dice(), new Complaints()];
  const points = dice.points(names.length, some);
  announce(what, points, names.length, dice);
  for (const at of points) {
    const kind = dice.pick<Fault['kind']>(kinds);
    const { name, errno } = dice.pick<Errno>(HONEST_ERRNOS);
    if (!isWanted(at)) continue;
    const failing = names[at - 1] ?? '';
    const point = `${kind} call ${at} (${failing}), ${name}`;
    const arm = () => calls.set(faultOf(kind, at, errno));
    const note = (complaint: string | null) => complaints.note(point, complaint);
    const went = await complaints.at(point, () => work({ at, failing, arm, note }));
    calls.clear();
    if (!went) await complaints.at(`after ${point}`, async () => void (await mend()));
  }
  complaints.expectNone();
}

function faultOf(kind: Fault['kind'], at: number, errno: number): Fault {
  switch (kind) {
    case 'count':
      return { kind };
    case 'fail-one':
    case 'fail-from':
      return { kind, at, errno };
    default:
      return { kind, at };
  }
}
