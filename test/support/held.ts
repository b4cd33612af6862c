import { type Conversation, type Host, SocketAgent } from '../../lab/index.ts';

/** Port of the echo servers and of the proxy in front of them. */
export const ECHO_PORT = 7;

interface HeldConversation {
  readonly protocol: 'tcp' | 'udp';
  readonly target: string;
  readonly conversation: Conversation;
}

/** TCP connections and UDP conversations with echo servers, held open while a test changes things under them. */
export class Held implements AsyncDisposable {
  readonly #agent: SocketAgent;
  readonly #held: HeldConversation[] = [];
  #asked = 0;

  private constructor(client: Host) {
    this.#agent = new SocketAgent(client);
  }

  /** Opens `count` of each protocol to an address. */
  static async open(client: Host, address: string, count = 4): Promise<Held> {
    const held = new Held(client);
    for (let i = 0; i < count; i++) await held.#open(address);
    return held;
  }

  /** Names of the targets that hold at least one of the conversations, sorted. */
  get targets(): readonly string[] {
    return [...new Set(this.#held.map(({ target }) => target))].sort();
  }

  /** Sends a line on every conversation. @throws Error when one is reset, silent, or answered by another target */
  async check(): Promise<void> {
    const text = `line ${++this.#asked}`;
    await Promise.all(this.#held.map((each) => checkOne(each, text)));
  }

  /** Goes on sending lines while `work` runs, and once more after it. @throws what {@link check} and `work` throw */
  async during<T>(work: () => Promise<T>): Promise<T> {
    let running = true;
    const checks = this.#checkWhile(() => running);
    try {
      return await work();
    } finally {
      running = false;
      await checks;
      await this.check();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agent.close();
  }

  async #checkWhile(condition: () => boolean): Promise<void> {
    while (condition()) await this.check();
  }

  async #open(address: string): Promise<void> {
    const tcp = await this.#agent.connect({ address, port: ECHO_PORT });
    this.#held.push({ protocol: 'tcp', conversation: tcp, target: await tcp.line() });
    const udp = await this.#agent.connect({ address, port: ECHO_PORT, protocol: 'udp' });
    this.#held.push({ protocol: 'udp', conversation: udp, target: await udp.ask('hello') });
    await udp.line();
  }
}

/** The UDP server begins every answer with its name; the TCP server says it once, and a move would reset. */
async function checkOne({ protocol, conversation, target }: HeldConversation, text: string): Promise<void> {
  const first = await conversation.ask(text);
  if (protocol === 'tcp') return expectText(first, text, target);
  expectText(first, target, target);
  expectText(await conversation.line(), text, target);
}

function expectText(found: string, expected: string, target: string): void {
  if (found !== expected) throw new Error(`${target} should have said "${expected}" and not "${found}"`);
}
