import type { AdminState, TargetName } from '../../report/index.ts';
import type { TerminalKey } from '../terminal.ts';
import { type RowWishes, rowKey, SORT_KEYS, type SortKey, type TopRow } from './rows.ts';

/** What lies over the rows and takes the keys. */
export type Dialog =
  | { readonly kind: 'none' }
  | { readonly kind: 'help' }
  | { readonly kind: 'confirm'; readonly target: TargetName; readonly state: AskedState };

/** What can be asked for here of a target. */
export type AskedState = Extract<AdminState, 'drain' | 'ready'>;

/** A word to the one who watches; it goes with the next key. */
export interface Notice {
  readonly text: string;
  readonly tone: 'good' | 'bad';
}

/** What somebody has chosen to see. */
export interface TopState extends RowWishes {
  readonly dialog: Dialog;
  readonly isPaused: boolean;
  /** Key of the selected row; null for the first. */
  readonly selected: string | null;
  readonly notice: Notice | null;
}

/** What a key asks for beyond another state. */
export type TopEffect =
  | { readonly kind: 'quit' | 'suspend' | 'redraw' }
  | { readonly kind: 'setState'; readonly target: TargetName; readonly state: AskedState };

/** What came of a key. */
export interface Reaction {
  readonly state: TopState;
  readonly effect: TopEffect | null;
}

/** How it begins: everything, as configured. */
export const FIRST_STATE: TopState = {
  proxy: null,
  sort: 'config',
  reversed: false,
  folded: false,
  dialog: { kind: 'none' },
  isPaused: false,
  selected: null,
  notice: null,
};

/** Rows that one page key moves by. */
const PAGE = 10;
const SORT_BY_KEY: Readonly<Record<string, SortKey>> = {
  n: 'name',
  c: 'connects',
  b: 'bits',
  o: 'open',
  f: 'failed',
  l: 'latency',
};

/** Index of the selected row; the first when it has gone. */
export function selectedIndex({ selected }: TopState, rows: readonly TopRow[]): number {
  return Math.max(
    0,
    rows.findIndex((row) => rowKey(row) === selected),
  );
}

/** What a key does, with these rows on the screen. */
export function react(before: TopState, key: TerminalKey, rows: readonly TopRow[]): Reaction {
  const state = { ...before, notice: null };
  if (key.ctrl) return controlKey(state, key.name);
  if (state.dialog.kind === 'confirm') return answer(state, state.dialog, key.name);
  if (state.dialog.kind === 'help') return just({ ...state, dialog: { kind: 'none' } });
  return move(state, key.name, rows) ?? choose(state, key.name) ?? act(state, key.name, rows) ?? just(state);
}

function just(state: TopState, effect: TopEffect | null = null): Reaction {
  return { state, effect };
}

function controlKey(state: TopState, name: string): Reaction {
  if (name === 'c') return just(state, { kind: 'quit' });
  if (name === 'z') return just(state, { kind: 'suspend' });
  return just(state, name === 'l' ? { kind: 'redraw' } : null);
}

/** Only `y` is a yes. */
function answer(state: TopState, asked: Dialog & { kind: 'confirm' }, name: string): Reaction {
  const effect = { kind: 'setState', target: asked.target, state: asked.state } as const;
  return just({ ...state, dialog: { kind: 'none' } }, name === 'y' ? effect : null);
}

function move(state: TopState, name: string, rows: readonly TopRow[]): Reaction | null {
  const at = selectedIndex(state, rows);
  const steps: Readonly<Record<string, number>> = {
    up: -1,
    k: -1,
    down: 1,
    j: 1,
    pageup: -PAGE,
    pagedown: PAGE,
    home: -rows.length,
    end: rows.length,
  };
  const step = steps[name];
  if (step === undefined) return null;
  const row = rows[Math.min(rows.length - 1, Math.max(0, at + step))];
  return just({ ...state, selected: row === undefined ? null : rowKey(row) });
}

function choose(state: TopState, name: string): Reaction | null {
  const sort = SORT_BY_KEY[name];
  if (sort !== undefined) return just({ ...state, sort });
  switch (name) {
    case 's': {
      const next = (SORT_KEYS.indexOf(state.sort) + 1) % SORT_KEYS.length;
      return just({ ...state, sort: SORT_KEYS[next] ?? 'config' });
    }
    case 'r':
      return just({ ...state, reversed: !state.reversed });
    case 't':
      return just({ ...state, folded: !state.folded });
    case 'p':
    case 'space':
      return just({ ...state, isPaused: !state.isPaused });
    case '?':
    case 'h':
      return just({ ...state, dialog: { kind: 'help' } });
    case 'q':
      return just(state, { kind: 'quit' });
    default:
      return null;
  }
}

function act(state: TopState, name: string, rows: readonly TopRow[]): Reaction | null {
  const row = rows[selectedIndex(state, rows)];
  switch (name) {
    case 'return':
    case 'enter':
    case 'right':
      return row === undefined ? just(state) : just(into(state, row));
    case 'escape':
    case 'left':
    case 'backspace':
      return just({ ...state, proxy: null, selected: state.proxy ?? state.selected });
    case 'd':
      return just(confirm(state, row, 'drain'));
    case 'u':
      return just(confirm(state, row, 'ready'));
    default:
      return null;
  }
}

function into(state: TopState, row: TopRow): TopState {
  if (state.proxy !== null) return state;
  return row.kind === 'proxy'
    ? { ...state, proxy: row.proxy.name, selected: null }
    : { ...state, proxy: row.target.proxy, selected: rowKey(row) };
}

function confirm(state: TopState, row: TopRow | undefined, asked: AskedState): TopState {
  if (row?.kind !== 'target') {
    const verb = asked === 'drain' ? 'drain' : 'make ready again';
    return { ...state, notice: { text: `select a target to ${verb} (arrow keys)`, tone: 'bad' } };
  }
  const { proxy, target } = row.target;
  return { ...state, dialog: { kind: 'confirm', target: { proxy, target }, state: asked } };
}
