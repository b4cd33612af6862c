import type { Host, OwnedProcess } from '../host/index.ts';
import { patienceMs } from '../patience.ts';
import { programCommand } from '../programs/path.ts';
import type { AgentCommand, AgentEvent } from '../programs/socket-agent.ts';
import { Conversation } from './conversation.ts';

const CONNECT_TIMEOUT_MS = 5_000;

/** Where to connect to, and from where. */
export interface ConnectOptions {
  readonly address: string;
  readonly port: number;
  /** Default `tcp`. */
  readonly protocol?: 'tcp' | 'udp';
  readonly localAddress?: string;
  readonly localPort?: number;
}

/** A program in a host that holds any number of connections, which the caller drives one by one. */
export class SocketAgent implements AsyncDisposable {
  readonly #process: OwnedProcess;
  readonly #conversations = new Map<number, Conversation>();
  #nextId = 1;
  #partial = '';

  /** Starts the agent in a host; it ends with the lab at the latest. */
  constructor(host: Host) {
    this.#process = host.spawn(programCommand('socket-agent'));
    this.#process.onStdout((text) => this.#read(text));
  }

  /**
   * Opens a connection and waits for the handshake (a UDP one is open at once).
   * @throws SluiceError `unreachable` when it is refused, reset or not open after 5 s.
   */
  async connect(options: ConnectOptions): Promise<Conversation> {
    const conversation = this.begin(options);
    await conversation.until(
      () => conversation.state.kind !== 'connecting' && conversation.state.kind !== 'closed',
      patienceMs(CONNECT_TIMEOUT_MS),
      'handshake',
    );
    return conversation;
  }

  /** Opens a connection without waiting; its `state` tells what became of it. */
  begin(options: ConnectOptions): Conversation {
    const id = this.#nextId++;
    const conversation = new Conversation(id, (command) => this.#tell(command));
    this.#conversations.set(id, conversation);
    this.#tell({ do: 'connect', id, protocol: 'tcp', ...options });
    return conversation;
  }

  /** Ends the agent and with it all its connections. */
  close(): Promise<void> {
    return this.#process.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #tell(command: AgentCommand): void {
    this.#process.write(`${JSON.stringify(command)}\n`);
  }

  #read(text: string): void {
    const lines = `${this.#partial}${text}`.split('\n');
    this.#partial = lines.pop() ?? '';
    for (const line of lines) {
      const event = JSON.parse(line) as AgentEvent;
      this.#conversations.get(event.id)?.take(event);
    }
  }
}
