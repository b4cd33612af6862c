import { setTimeout as sleep } from 'node:timers/promises';
import type { AdminClient } from '../../admin/index.ts';
import type { Style } from '../format/style.ts';
import type { CliTerminal, TerminalKey } from '../terminal.ts';
import type { Glyphs } from './glyphs.ts';
import { type Histories, remember } from './history.ts';
import { buildModel, type TopModel } from './model.ts';
import { rowsOf } from './rows.ts';
import { type SampledClient, type TopSample, takeSample } from './sample.ts';
import { Screen } from './screen.ts';
import { FIRST_STATE, react, type TopEffect, type TopState } from './state.ts';
import { paint } from './text.ts';
import { screenLines } from './view.ts';

/** What a session shows and changes. */
export type TopClient = SampledClient & Pick<AdminClient, 'setTargetState'>;

/** What a session needs. */
export interface TopSessionOptions {
  readonly client: TopClient;
  readonly terminal: CliTerminal;
  readonly write: (text: string) => void;
  readonly style: Style;
  readonly glyphs: Glyphs;
  readonly intervalMs: number;
  /** The time of day, and a clock that only goes forward. */
  readonly nowMs: () => number;
  readonly clockMs: () => number;
}

/** One sitting of `sluice top` at a terminal. Owns the terminal from {@link run} on, until it is disposed of. */
export class TopSession implements Disposable {
  readonly #options: TopSessionOptions;
  readonly #screen: Screen;
  readonly #releases: (() => void)[] = [];
  readonly #ended = new AbortController();
  #state: TopState = FIRST_STATE;
  #sample: TopSample;
  #model: TopModel;
  #histories: Histories = new Map();
  #work: Promise<void> = Promise.resolve();
  /** Why there is nothing new; null when there is. */
  #trouble: string | null = null;
  #releaseKeys: (() => void) | null = null;

  /** @param first a first sample, so that a daemon that does not answer is told of before the terminal is taken. */
  constructor(options: TopSessionOptions, first: TopSample) {
    this.#options = options;
    this.#sample = first;
    this.#model = buildModel(first, null);
    this.#screen = new Screen(options.write);
  }

  /** Takes the terminal, and shows what the daemon does until {@link stop} or the key for it. */
  async run(): Promise<void> {
    const { signal } = this.#ended;
    if (signal.aborted) return;
    const { terminal } = this.#options;
    this.#releases.push(
      terminal.onExit(() => this.#screen.leave()),
      terminal.onResize(() => this.redraw()),
    );
    this.resume();
    while (!signal.aborted) {
      await sleep(this.#options.intervalMs, undefined, { signal }).catch(() => {});
      if (!this.#state.isPaused && !signal.aborted) await this.#refresh();
    }
    await this.#work;
  }

  /** Ends {@link run}. */
  stop(): void {
    this.#ended.abort();
  }

  /** Gives the terminal back and stops this process; it comes back with {@link resume}. */
  suspend(): void {
    this.#leave();
    this.#options.terminal.suspend();
  }

  /** Takes the terminal (again). */
  resume(): void {
    this.#screen.enter();
    this.#releaseKeys ??= this.#options.terminal.onKey((key) => this.#onKey(key));
    this.#draw();
  }

  /** Draws everything anew. */
  redraw(): void {
    this.#screen.forget();
    this.#draw();
  }

  [Symbol.dispose](): void {
    this.stop();
    for (const release of this.#releases) release();
    this.#leave();
  }

  #leave(): void {
    this.#releaseKeys?.();
    this.#releaseKeys = null;
    this.#screen.leave();
  }

  async #refresh(): Promise<void> {
    try {
      const next = await takeSample(this.#options.client, this.#options.clockMs);
      this.#model = buildModel(next, this.#sample);
      this.#sample = next;
      this.#histories = remember(this.#histories, this.#model);
      this.#trouble = null;
    } catch (error) {
      this.#trouble = messageOf(error);
    }
    if (!this.#ended.signal.aborted) this.#draw();
  }

  #onKey(key: TerminalKey): void {
    const { state, effect } = react(this.#state, key, rowsOf(this.#model, this.#state));
    this.#state = state;
    this.#draw();
    if (effect !== null) this.#do(effect);
  }

  #do(effect: TopEffect): void {
    switch (effect.kind) {
      case 'quit':
        this.stop();
        break;
      case 'suspend':
        this.suspend();
        break;
      case 'redraw':
        this.redraw();
        break;
      case 'setState':
        this.#work = this.#work.then(() => this.#setState(effect));
    }
  }

  async #setState({ target: { proxy, target }, state }: TopEffect & { kind: 'setState' }): Promise<void> {
    try {
      await this.#options.client.setTargetState(proxy, target, state);
      const done = state === 'drain' ? 'is being drained' : 'is ready';
      this.#state = { ...this.#state, notice: { text: `${target} of ${proxy} ${done}`, tone: 'good' } };
    } catch (error) {
      this.#state = { ...this.#state, notice: { text: messageOf(error), tone: 'bad' } };
    }
    this.#draw();
  }

  #draw(): void {
    const { style, glyphs, terminal, nowMs } = this.#options;
    const input = {
      model: this.#model,
      histories: this.#histories,
      state: this.#state,
      trouble: this.#trouble,
      glyphs,
      nowMs: nowMs(),
    };
    this.#screen.draw(screenLines(input, terminal.size()).map((line) => paint(line, style)));
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
