import { SluiceError } from '../../src/errors/index.ts';
import { patienceMs } from '../patience.ts';
import type { AgentCommand, AgentEvent } from '../programs/socket-agent.ts';

const ANSWER_TIMEOUT_MS = 5_000;

/** Where a conversation stands. */
export type ConversationState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'open'; readonly localPort: number }
  /** The other side has sent its FIN. */
  | { readonly kind: 'ended' }
  /** `error` is an errno name such as `ECONNRESET` or `ECONNREFUSED`; null after an orderly end. */
  | { readonly kind: 'closed'; readonly error: string | null };

/** One long-lived TCP connection or UDP conversation that a client holds, driven by hand. */
export class Conversation {
  readonly #id: number;
  readonly #tell: (command: AgentCommand) => void;
  readonly #waiters = new Set<() => void>();
  #state: ConversationState = { kind: 'connecting' };
  #received = '';

  constructor(id: number, tell: (command: AgentCommand) => void) {
    this.#id = id;
    this.#tell = tell;
  }

  get state(): ConversationState {
    return this.#state;
  }

  /** Sends text as it is. */
  send(text: string): void {
    this.#tell({ do: 'send', id: this.#id, text });
  }

  /** Sends a line and returns the next one that arrives, both without the line feed. @throws like {@link line}. */
  ask(text: string): Promise<string> {
    this.send(`${text}\n`);
    return this.line();
  }

  /**
   * The next line that arrives, without the line feed.
   * @throws SluiceError `unreachable` when the conversation closes first, or after 5 s.
   */
  async line(timeoutMs = patienceMs(ANSWER_TIMEOUT_MS)): Promise<string> {
    await this.until(() => this.#received.includes('\n'), timeoutMs, 'a line');
    const end = this.#received.indexOf('\n');
    const line = this.#received.slice(0, end);
    this.#received = this.#received.slice(end + 1);
    return line;
  }

  /** Sends FIN and waits for the close of the other side. */
  async end(): Promise<void> {
    this.#tell({ do: 'end', id: this.#id });
    await this.closed();
  }

  /** Sends RST. */
  async reset(): Promise<void> {
    this.#tell({ do: 'reset', id: this.#id });
    await this.closed();
  }

  /** Waits until the conversation is over; returns the error that ended it, or null. */
  async closed(timeoutMs = patienceMs(ANSWER_TIMEOUT_MS)): Promise<string | null> {
    await this.until(() => this.#state.kind === 'closed', timeoutMs, 'the end');
    return this.#state.kind === 'closed' ? this.#state.error : null;
  }

  /** Waits for a condition on what has arrived. @throws SluiceError `unreachable` on close or timeout. */
  until(condition: () => boolean, timeoutMs: number, what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (action: () => void) => {
        clearTimeout(timer);
        this.#waiters.delete(check);
        action();
      };
      const fail = (why: string) =>
        settle(() => reject(new SluiceError('unreachable', `no ${what} from the other side: ${why}`)));
      const check = () => {
        if (condition()) settle(resolve);
        else if (this.#state.kind === 'closed') fail(this.#state.error ?? 'closed');
      };
      const timer = setTimeout(() => fail(`nothing for ${timeoutMs} ms`), timeoutMs);
      this.#waiters.add(check);
      check();
    });
  }

  /** Takes what the agent reports about this conversation. */
  take(event: AgentEvent): void {
    switch (event.event) {
      case 'open':
        this.#state = { kind: 'open', localPort: event.localPort };
        break;
      case 'data':
        this.#received += event.text;
        break;
      case 'end':
        this.#state = { kind: 'ended' };
        break;
      case 'closed':
        if (this.#state.kind !== 'closed') this.#state = { kind: 'closed', error: event.error };
    }
    for (const check of [...this.#waiters]) check();
  }
}
