import { type DnsAnswer, type LookUp, shareOut } from './answer.ts';

/** A name server whose answers a test sets, and that counts the questions. */
export class FakeNames {
  readonly answers = new Map<string, DnsAnswer | Error>();
  readonly asked: string[] = [];
  readonly servers: (readonly string[])[] = [];

  set(name: string, addresses: readonly string[], ttlSec: number | null = null): void {
    this.answers.set(name, {
      endpoints: shareOut(addresses.map((address) => ({ address, weight: 1 }))),
      ttlSec,
    });
  }

  fail(name: string, message: string): void {
    this.answers.set(name, new Error(message));
  }

  readonly lookUp: LookUp = async (name, servers) => {
    this.asked.push(name);
    this.servers.push(servers);
    const answer = this.answers.get(name) ?? new Error(`queryA ENOTFOUND ${name}`);
    if (answer instanceof Error) throw answer;
    return answer;
  };
}
