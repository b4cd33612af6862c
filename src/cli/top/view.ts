import type { TerminalSize } from '../terminal.ts';
import { overviewColumns, proxyColumns } from './columns.ts';
import { type Grid, layOut } from './grid.ts';
import { type HeadInput, head } from './head.ts';
import { helpLines } from './help.ts';
import { rowsOf, type TopRow } from './rows.ts';
import { selectedIndex, type TopState } from './state.ts';
import { cut, type Line, piece } from './text.ts';

/** Everything that the screen shows. */
export interface ViewInput extends Omit<HeadInput, 'isPaused'> {
  readonly state: TopState;
  /** Why there is nothing new; null when there is. */
  readonly trouble: string | null;
}

/** Lines that are kept for rows on the smallest terminal. */
const LEAST_ROWS = 1;
const CURSOR_WIDTH = 2;

/** The screen: at most `rows` lines of at most `columns` columns. */
export function screenLines(input: ViewInput, size: TerminalSize): readonly Line[] {
  const { state, glyphs } = input;
  const rule: Line = [piece(glyphs.rule.repeat(size.columns), 'faint')];
  const top = [...head({ ...input, isPaused: state.isPaused }), ...proxyHead(input), rule];
  const room = Math.max(LEAST_ROWS, size.rows - top.length - 2);
  const body = state.dialog.kind === 'help' ? helpLines().slice(0, room + 1) : bodyLines(input, size, room);
  const filling = Array.from({ length: Math.max(0, room + 1 - body.length) }, (): Line => []);
  const all = [...top, ...body, ...filling, footer(input)];
  return [...all.slice(0, size.rows - 1), ...all.slice(-1)].map((line) => cut(line, size.columns));
}

/** A table of everything, for who does not sit at a terminal. */
export function snapshotLines(input: ViewInput): readonly Line[] {
  const rows = rowsOf(input.model, input.state);
  const { heading, lines } = layOut(overviewColumns(input), rows, Number.POSITIVE_INFINITY);
  return [...head({ ...input, isPaused: false }), [], heading, ...lines];
}

function bodyLines(input: ViewInput, { columns }: TerminalSize, room: number): readonly Line[] {
  const { state, model, glyphs } = input;
  const rows = rowsOf(model, state);
  const selected = selectedIndex(state, rows);
  const first = firstShown(selected, rows.length, room);
  const shown = rows.slice(first, first + room);
  const grid = gridOf(input, shown, columns - CURSOR_WIDTH);
  const lines = grid.lines.map((line, index): Line => {
    const isSelected = first + index === selected;
    return [piece(isSelected ? `${glyphs.cursor} ` : '  ', 'accent'), ...line];
  });
  return [[piece('  '), ...grid.heading], ...lines];
}

function gridOf(input: ViewInput, rows: readonly TopRow[], width: number): Grid {
  const columns = input.state.proxy === null ? overviewColumns(input) : proxyColumns(input);
  return layOut(columns, rows, width);
}

/** The selected row is in the middle where it can be. */
function firstShown(selected: number, count: number, room: number): number {
  return Math.max(0, Math.min(selected - Math.floor(room / 2), count - room));
}

function proxyHead({ model, state }: ViewInput): readonly Line[] {
  if (state.proxy === null) return [];
  const proxy = model.proxies.find(({ name }) => name === state.proxy);
  if (proxy === undefined) {
    return [[piece(state.proxy, 'heading'), piece('  has been removed; Esc goes back', 'warning')]];
  }
  const { name, listeners, mode, algorithm } = proxy;
  return [
    [
      piece(name, 'heading'),
      piece(`  ${listeners.join(' ')}  `),
      piece(`mode ${mode}, ${algorithm}`, 'faint'),
    ],
  ];
}

function footer({ state: { dialog, notice, sort, reversed, proxy }, trouble }: ViewInput): Line {
  if (dialog.kind === 'confirm') {
    const { proxy: name, target } = dialog.target;
    const question =
      dialog.state === 'drain'
        ? `Drain ${target} of ${name}? It gets no new connections; open ones may end.`
        : `Make ${target} of ${name} ready? It gets its share of new connections again.`;
    return [piece(question, 'warning'), piece('  y yes, any other key no', 'heading')];
  }
  if (notice !== null) return [piece(notice.text, notice.tone)];
  if (trouble !== null) return [piece(`nothing new: ${trouble}`, 'bad')];
  const order = `${sort}${reversed ? ' reversed' : ''}`;
  const way = proxy === null ? 'Enter look into' : 'Esc back';
  return [piece(`q quit  ? help  ${way}  d drain  u undrain  s sort: ${order}  space pause`, 'faint')];
}
