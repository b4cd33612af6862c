import { afterEach, describe, expect, it } from 'vitest';
import { SluiceError } from '../../errors/index.ts';
import type { CliTerminal, TerminalKey } from '../terminal.ts';
import { glyphsFor } from './glyphs.ts';
import { type TopClient, TopSession } from './session.ts';
import { PLAIN, sampleAt } from './top.fixture.ts';

/** ␛ stands for the character that begins what terminals are told. */
const ENTER = '␛[?1049h';
const LEAVE = '␛[?1049l';
const SPECS = [{ proxy: 'web', target: '10.0.0.1:80', flows: 7 }];

/** A terminal by hand, and the session on it. */
class Sitting {
  readonly asked: string[] = [];
  written = '';
  /** Listeners to keys, sizes and the end. */
  listeners = 0;
  suspended = 0;
  trouble: SluiceError | null = null;
  size = { columns: 60, rows: 12 };
  press: (name: string, ctrl?: boolean) => void = () => {};
  resized: () => void = () => {};
  exit: () => void = () => {};
  readonly session: TopSession;
  readonly running: Promise<void>;

  constructor() {
    let clockMs = 0;
    this.session = new TopSession(
      {
        client: this.#client(() => clockMs),
        terminal: this.#terminal(),
        write: (text) => {
          this.written += text.replaceAll('\u001b', '␛');
        },
        style: PLAIN,
        glyphs: glyphsFor({}),
        intervalMs: 2,
        nowMs: () => Date.parse('2026-01-02T03:04:15Z'),
        clockMs: () => {
          clockMs += 1_000;
          return clockMs;
        },
      },
      sampleAt(0, SPECS),
    );
    this.running = this.session.run();
  }

  /** Everything that was written since the last time. */
  news(): string {
    const text = this.written;
    this.written = '';
    return text;
  }

  #client(clockMs: () => number): TopClient {
    const answer = async () => {
      if (this.trouble !== null) throw this.trouble;
      return sampleAt(0, [{ proxy: 'web', target: '10.0.0.1:80', flows: 7 + clockMs() / 100 }]);
    };
    return {
      status: async () => (await answer()).status,
      stats: async () => (await answer()).stats,
      targets: async () => ({ ...(await answer()).weights, total: 1 }),
      drains: async () => ({ drains: [], total: 0 }),
      latencies: async () => (await answer()).latencies,
      setTargetState: async (proxy, target, state) => {
        if (this.trouble !== null) throw this.trouble;
        this.asked.push(`${proxy} ${target} ${state}`);
        return { proxy, target, state, drain: null };
      },
    };
  }

  #terminal(): CliTerminal {
    const listen = () => {
      this.listeners += 1;
      return () => {
        this.listeners -= 1;
      };
    };
    return {
      size: () => this.size,
      onKey: (handler: (key: TerminalKey) => void) => {
        this.press = (name, ctrl = false) => handler({ name, ctrl });
        return listen();
      },
      onResize: (handler) => {
        this.resized = handler;
        return listen();
      },
      onExit: (handler) => {
        this.exit = handler;
        return listen();
      },
      suspend: () => {
        this.suspended += 1;
      },
    };
  }
}

describe('a sitting', () => {
  let sitting: Sitting;
  const begin = () => {
    sitting = new Sitting();
    return sitting;
  };
  afterEach(async () => {
    sitting.session[Symbol.dispose]();
    await sitting.running;
  });

  it('takes the terminal, shows rates when it knows them, and gives the terminal back', async () => {
    const { session, running } = begin();
    expect(sitting.news()).toContain(ENTER);
    await expect.poll(() => sitting.written).toContain('conn/s 10');
    sitting.press('q');
    await running;
    session[Symbol.dispose]();
    expect(sitting.news().endsWith(LEAVE)).toBe(true);
    expect(sitting.listeners).toBe(0);
  });

  it('does not take the terminal when it was ended before it began', async () => {
    const { session } = begin();
    session[Symbol.dispose]();
    sitting.news();
    await session.run();
    expect({ written: sitting.news(), listeners: sitting.listeners }).toEqual({ written: '', listeners: 0 });
  });

  it('gives the terminal back when the process ends by an error that nobody caught', () => {
    begin().exit();
    expect(sitting.news().endsWith(LEAVE)).toBe(true);
  });

  it('asks, and then drains', async () => {
    begin();
    sitting.press('down');
    sitting.press('d');
    expect(sitting.written).toContain('Drain 10.0.0.1:80 of web?');
    expect(sitting.asked).toEqual([]);
    sitting.press('y');
    await expect.poll(() => sitting.asked).toEqual(['web 10.0.0.1:80 drain']);
    await expect.poll(() => sitting.written).toContain('10.0.0.1:80 of web is being drained');
  });

  it('says when the daemon does not answer, and goes on when it does', async () => {
    begin().trouble = new SluiceError('unreachable', 'no daemon answers');
    await expect.poll(() => sitting.written).toContain('nothing new: no daemon answers');
    sitting.press('down');
    sitting.press('u');
    sitting.press('y');
    await expect.poll(() => sitting.written).toMatch(/␛\[12;1Hno daemon answers/);
    sitting.press('x');
    sitting.trouble = null;
    sitting.news();
    await expect.poll(() => sitting.written).toMatch(/␛\[12;1Hq quit/);
  });

  it('stands still while it is paused', async () => {
    begin().press('space');
    await expect.poll(() => sitting.news()).toBe('');
    sitting.press('space');
    await expect.poll(() => sitting.written).toContain('conn/s');
  });

  it('follows the size of the terminal: never more lines, never longer ones', () => {
    begin();
    for (const size of [
      { columns: 20, rows: 3 },
      { columns: 200, rows: 50 },
      { columns: 1, rows: 1 },
    ]) {
      sitting.news();
      sitting.size = size;
      sitting.resized();
      const lines = [...sitting.news().matchAll(/␛\[(\d+);1H([^␛]*)/g)];
      expect(lines).toHaveLength(size.rows);
      expect(Math.max(...lines.map(([, , text = '']) => text.length))).toBeLessThanOrEqual(size.columns);
    }
  });

  it('lets go of the terminal when it is suspended, and takes it again', () => {
    begin().press('z', true);
    expect(sitting.news().endsWith(LEAVE)).toBe(true);
    expect({ suspended: sitting.suspended, listeners: sitting.listeners }).toEqual({
      suspended: 1,
      listeners: 2,
    });
    sitting.session.resume();
    expect(sitting.news()).toMatch(/␛\[\?1049h.*sluice top/s);
    sitting.session.resume();
    expect(sitting.news()).toBe('');
    expect(sitting.listeners).toBe(3);
  });
});
