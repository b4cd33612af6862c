/** First fragments that a case's tables remember. */
import fc from 'fast-check';
import type { FragmentRow } from '../../engines/index.ts';
import type { FlowPlan } from './flow-plan.ts';
import { turnedRow } from './setup.ts';

/** A first fragment as choices. */
export interface FragmentChoice {
  readonly plan: number;
  readonly end: 'client' | 'target';
  readonly id: number;
  readonly epochsAgo: number;
}

/** Choices of a first fragment. */
export function fragmentArbitrary(): fc.Arbitrary<FragmentChoice> {
  return fc.record({
    plan: fc.nat({ max: 3 }),
    end: fc.constantFrom('client', 'target'),
    id: fc.constantFrom(7, 7, 7, 8),
    epochsAgo: fc.constantFrom(0, 0, 1, 30, 31),
  });
}

/** The row: ports that a first fragment of the flow has taught. */
export function fragmentRowOf(choice: FragmentChoice, plans: readonly FlowPlan[]): readonly FragmentRow[] {
  const plan = plans[choice.plan % plans.length];
  if (!plan || plan.choice.impossibleClient) return [];
  const tuple = choice.end === 'client' ? plan.in : turnedRow(plan.out);
  return [{ ...tuple, id: choice.id, protocol: plan.protocol, epochsAgo: choice.epochsAgo }];
}
