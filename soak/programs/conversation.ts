import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { Service } from '../services.ts';
import type { DatagramCount } from './server.ts';

/** Where a UDP conversation goes, and from where. */
export interface Route {
  readonly service: Service;
  /** The balancer's address. */
  readonly address: string;
  /** The client's own address and port. */
  readonly source: string;
  readonly sourcePort: number;
}

/** What conversations have sent and got, of one service. */
export interface DatagramTally {
  readonly sent: DatagramCount;
  readonly received: DatagramCount;
  /** Datagrams sent again because no answer came. */
  resent: number;
}

/** An answer that does not come in this time is asked for again. */
const ANSWER_MS = 2_000;
const TRIES = 4;

/** A UDP conversation that says `hello ID` once and asks then. */
export class UdpConversation {
  readonly #socket;
  readonly #id: string;
  readonly #tally: DatagramTally;
  #waiter: ((text: string) => void) | undefined;
  #failed: (error: Error) => void = () => undefined;

  private constructor(route: Route, id: string, tally: DatagramTally) {
    this.#socket = createSocket(route.service.family === 'v4' ? 'udp4' : 'udp6');
    this.#id = id;
    this.#tally = tally;
    this.#socket.on('message', (payload) => {
      this.#tally.received.packets++;
      this.#tally.received.bytes += payload.length;
      this.#waiter?.(payload.toString('latin1'));
    });
    this.#socket.on('error', (error) => this.#failed(error));
  }

  /** Opens the socket and says hello; returns the conversation and who has answered. @throws Error as {@link ask} */
  static async open(
    route: Route,
    id: string,
    tally: DatagramTally,
  ): Promise<{ readonly conversation: UdpConversation; readonly who: string }> {
    const conversation = new UdpConversation(route, id, tally);
    try {
      const socket = conversation.#socket;
      socket.bind(route.sourcePort, route.source);
      await once(socket, 'listening');
      socket.connect(route.service.port, route.address);
      await once(socket, 'connect');
      return { conversation, who: await conversation.#exchange(`hello ${id}`) };
    } catch (error) {
      conversation.close();
      throw error;
    }
  }

  /** Asks, up to four times, and tells who has answered. @throws Error when nobody answers or the kernel says so */
  ask(sequence: number): Promise<string> {
    return this.#exchange(`ask ${this.#id} ${sequence}`);
  }

  close(): void {
    this.#socket.close();
  }

  async #exchange(text: string): Promise<string> {
    for (let tries = 0; tries < TRIES; tries++) {
      if (tries > 0) this.#tally.resent++;
      const who = await this.#once(text);
      if (who !== undefined) return who;
    }
    throw new Error(`no answer to ${TRIES} datagrams in ${(TRIES * ANSWER_MS) / 1000} s`);
  }

  #once(text: string): Promise<string | undefined> {
    return new Promise((resolve, reject) => {
      const settle = (action: () => void) => {
        clearTimeout(timer);
        this.#waiter = undefined;
        this.#failed = () => undefined;
        action();
      };
      const timer = setTimeout(() => settle(() => resolve(undefined)), ANSWER_MS);
      this.#waiter = (answer) => {
        const space = answer.indexOf(' ');
        if (answer.slice(space + 1) === text) settle(() => resolve(answer.slice(0, space)));
      };
      this.#failed = (error) => settle(() => reject(error));
      this.#tally.sent.packets++;
      this.#tally.sent.bytes += text.length;
      this.#socket.send(text);
    });
  }
}

/** Nothing sent yet. */
export function emptyTally(): DatagramTally {
  return { sent: { packets: 0, bytes: 0 }, received: { packets: 0, bytes: 0 }, resent: 0 };
}
