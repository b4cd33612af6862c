import { describe, expect, it } from 'vitest';
import { buildModel } from './model.ts';
import { type RowWishes, rowKey, rowsOf } from './rows.ts';
import { FIRST_STATE, react, type TopState } from './state.ts';
import { sampleAt } from './top.fixture.ts';

const SPECS = [
  { proxy: 'web', target: '10.0.0.10:80', activeFlows: 1 },
  { proxy: 'web', target: '10.0.0.9:80', activeFlows: 5, p95Ms: 0.4 },
  { proxy: 'api', target: '10.0.0.1:80', activeFlows: 9, p95Ms: 3 },
];
const model = buildModel(sampleAt(1_000, SPECS), null);

/** What comes of keys, one after another. */
function press(...names: string[]) {
  let state: TopState = FIRST_STATE;
  let effect: ReturnType<typeof react>['effect'] = null;
  for (const name of names) {
    const key = name.startsWith('^') ? { name: name.slice(1), ctrl: true } : { name, ctrl: false };
    ({ state, effect } = react(state, key, rowsOf(model, state)));
  }
  return { state, effect, row: selectedOf(state) };
}

function selectedOf(state: TopState): string | null {
  return state.selected?.replace('\0', ' ') ?? null;
}

const order = (wishes: Partial<RowWishes>) =>
  rowsOf(model, { ...FIRST_STATE, ...wishes }).map((row) => rowKey(row).replace('\0', ' '));

describe('rows', () => {
  it('are in the order of the configuration, proxies with their targets', () => {
    expect(order({})).toEqual(['web', 'web 10.0.0.10:80', 'web 10.0.0.9:80', 'api', 'api 10.0.0.1:80']);
    expect(order({ folded: true })).toEqual(['web', 'api']);
    expect(order({ proxy: 'web' })).toEqual(['web 10.0.0.10:80', 'web 10.0.0.9:80']);
    expect(order({ proxy: 'gone' })).toEqual([]);
  });

  it('are sorted by name upwards, numbers in names as numbers, and by numbers downwards', () => {
    expect(order({ sort: 'name' })).toEqual([
      'api',
      'api 10.0.0.1:80',
      'web',
      'web 10.0.0.9:80',
      'web 10.0.0.10:80',
    ]);
    expect(order({ sort: 'open', folded: true })).toEqual(['api', 'web']);
    expect(order({ sort: 'open', folded: true, reversed: true })).toEqual(['web', 'api']);
    expect(order({ sort: 'latency' })).toEqual([
      'api',
      'api 10.0.0.1:80',
      'web',
      'web 10.0.0.9:80',
      'web 10.0.0.10:80',
    ]);
    expect(order({ reversed: true, folded: true })).toEqual(['api', 'web']);
  });
});

describe('keys', () => {
  it('move the selection, not beyond the ends', () => {
    expect(press('down', 'j').row).toBe('web 10.0.0.9:80');
    expect(press('down', 'down', 'k').row).toBe('web 10.0.0.10:80');
    expect(press('up').row).toBe('web');
    expect(press('end').row).toBe('api 10.0.0.1:80');
    expect(press('pagedown', 'pageup').row).toBe('web');
  });

  it('look into a proxy and come back to it', () => {
    expect(press('end', 'return').state).toMatchObject({ proxy: 'api', selected: 'api\x0010.0.0.1:80' });
    expect(press('right').state).toMatchObject({ proxy: 'web', selected: null });
    expect(press('end', 'return', 'escape').state).toMatchObject({ proxy: null, selected: 'api' });
  });

  it.each([
    ['drain', 'd'],
    ['ready', 'u'],
  ] as const)('ask before a target becomes %s, and take only y for yes', (state, key) => {
    const target = { proxy: 'web', target: '10.0.0.10:80' };
    const asked = press('down', key);
    expect(asked.effect).toBeNull();
    expect(asked.state.dialog).toEqual({ kind: 'confirm', target, state });
    expect(press('down', key, 'y').effect).toEqual({ kind: 'setState', target, state });
    expect(press('down', key, 'y').state.dialog).toEqual({ kind: 'none' });
    for (const no of ['n', 'return', 'q', 'Y']) {
      expect(press('down', key, no)).toMatchObject({ effect: null, state: { dialog: { kind: 'none' } } });
    }
  });

  it('do not drain a whole proxy', () => {
    expect(press('d').state.dialog).toEqual({ kind: 'none' });
    expect(press('d').state.notice?.text).toBe('select a target to drain (arrow keys)');
    expect(press('d', 'down').state.notice).toBeNull();
  });

  it('choose the order, fold, pause and help', () => {
    expect(press('s').state.sort).toBe('name');
    expect(press('s', 's', 's', 's', 's', 's', 's').state.sort).toBe('config');
    expect(press('c', 'r').state).toMatchObject({ sort: 'connects', reversed: true });
    expect(press('l').state.sort).toBe('latency');
    expect(press('t').state.folded).toBe(true);
    expect(press('space').state.isPaused).toBe(true);
    expect(press('p', 'p').state.isPaused).toBe(false);
    expect(press('?').state.dialog).toEqual({ kind: 'help' });
    expect(press('?', 'q')).toMatchObject({ effect: null, state: { dialog: { kind: 'none' } } });
  });

  it('end, suspend and redraw', () => {
    expect(press('q').effect).toEqual({ kind: 'quit' });
    expect(press('^c').effect).toEqual({ kind: 'quit' });
    expect(press('down', 'd', '^c').effect).toEqual({ kind: 'quit' });
    expect(press('^z').effect).toEqual({ kind: 'suspend' });
    expect(press('^l').effect).toEqual({ kind: 'redraw' });
    expect(press('x').effect).toBeNull();
  });
});
