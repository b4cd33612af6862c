import { describe, expect, it } from 'vitest';
import { CONTENDERS } from './contenders/contender.ts';
import { PARTS, planOf } from './plan.ts';

describe('planOf', () => {
  it('runs everything, at least five rounds of it, without wishes', () => {
    const plan = planOf({});
    expect(plan.parts).toEqual(PARTS);
    expect(plan.rounds).toBeGreaterThanOrEqual(5);
  });
  it('runs the wished parts in the order of the bench', () =>
    expect(planOf({ only: ['connections', 'cost'] }).parts).toEqual(['cost', 'connections']));
  it('measures the wished contenders in the order of the tables', () => {
    expect(planOf({ contenders: ['sluice-tc', 'ipvs'] }).contenders).toEqual(['ipvs', 'sluice-tc']);
    expect(planOf({}).contenders).toEqual(CONTENDERS);
  });
  it('measures the cost of as many flows as are wished', () =>
    expect(planOf({ flows: 10_000 }).cost).toEqual({ ...planOf({}).cost, manyFlows: 10_000 }));
  it('runs one round when it must be quick, unless more are wished', () => {
    expect(planOf({ quick: true }).rounds).toBe(1);
    expect(planOf({ quick: true, rounds: 2 }).rounds).toBe(2);
  });
});
