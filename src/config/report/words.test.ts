import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { camelCase, editDistance, kebabCase, nearest } from './words.ts';

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['abc', '', 3],
    ['port', 'prot', 1],
    ['target', 'taget', 1],
    ['nat', 'snat', 1],
    ['kitten', 'sitting', 3],
  ])('of %j and %j is %d', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });

  it('is the same in both directions and at most the longer length', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });
});

describe('nearest', () => {
  it.each([
    ['defautTarget', 'defaultTarget'],
    ['default-target', 'defaultTarget'],
    ['default_target', 'defaultTarget'],
    ['SourceRoute', 'sourceRoutes'],
    ['colour', undefined],
    ['', undefined],
  ])('to %j is %j', (word, expected) => {
    expect(nearest(word, ['defaultTarget', 'sourceRoutes', 'mode'])).toBe(expected);
  });
});

describe('spelling', () => {
  it.each([
    ['defaultTarget', 'default-target'],
    ['dnsRefreshSeconds', 'dns-refresh-seconds'],
    ['port', 'port'],
  ])('%s is %s', (camel, kebab) => {
    expect(kebabCase(camel)).toBe(kebab);
    expect(camelCase(kebab)).toBe(camel);
  });
});
