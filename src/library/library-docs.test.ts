import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as library from '../index.ts';

const page = readFileSync(new URL('../../docs/library.md', import.meta.url), 'utf8');
const methods = Object.getOwnPropertyNames(library.RunningLoadBalancer.prototype).filter(
  (name) => name !== 'constructor',
);

describe('docs/library.md', () => {
  it('shows every method of a running balancer but those of one word with another', () => {
    const shown = new Set([...page.matchAll(/\bbalancer\.(\w+)/g)].map(([, name]) => name));
    const inProse = ['detach', 'close', 'addSniRoute', 'removeSniRoute'];
    expect(methods.filter((name) => !shown.has(name) && !inProse.includes(name))).toEqual([]);
    expect([...shown].filter((name) => name !== 'example' && !methods.includes(name ?? ''))).toEqual([]);
  });

  it('imports what there is', () => {
    const names = [...page.matchAll(/import \{([^}]*)\} from 'sluice'/g)].flatMap(([, list = '']) =>
      list.split(','),
    );
    expect(names.length).toBeGreaterThan(2);
    const known = new Set(Object.keys(library));
    expect(names.map((name) => name.trim()).filter((name) => !known.has(name))).toEqual([]);
  });
});
