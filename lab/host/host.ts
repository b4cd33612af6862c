import type { HostPlan, InterfacePlan } from '../topology/index.ts';
import { AskedProgram, type AskOptions } from './asked-program.ts';
import { type ExecOptions, type ExecResult, exec, run } from './command.ts';
import { OwnedProcess, type SpawnOptions } from './owned-process.ts';

/** What a lab keeps for its hosts: where files go and which processes must end with it. */
export interface HostOwner {
  /** Directory for configuration, pid and data files, removed with the lab. */
  readonly directory: string;
  /** Environment that marks every process of the lab. */
  readonly env: Readonly<Record<string, string>>;
  /** Ends with the lab. */
  readonly signal: AbortSignal;
  adopt(process: OwnedProcess): void;
}

/** One network namespace of a lab: a client, the balancer, a target or a router. */
export class Host {
  readonly #plan: HostPlan;
  readonly owner: HostOwner;
  /** Programs that wait for their next question, by command line. */
  readonly #idle = new Map<string, AskedProgram[]>();

  constructor(plan: HostPlan, owner: HostOwner) {
    this.#plan = plan;
    this.owner = owner;
  }

  /** `client1`, `balancer`, `target3`, ... */
  get name(): string {
    return this.#plan.name;
  }

  /** Name of the namespace under /run/netns. */
  get namespace(): string {
    return this.#plan.namespace;
  }

  /** Interfaces with their addresses, in the order of the topology. */
  get interfaces(): readonly InterfacePlan[] {
    return this.#plan.interfaces;
  }

  /** All IPv4 addresses, first interface first. */
  get addresses4(): readonly string[] {
    return this.#plan.interfaces.flatMap((each) => each.addresses4);
  }

  /** All IPv6 addresses, first interface first. */
  get addresses6(): readonly string[] {
    return this.#plan.interfaces.flatMap((each) => each.addresses6);
  }

  /** The first IPv4 address. */
  get v4(): string {
    return first(this.addresses4, `${this.name} has no IPv4 address`);
  }

  /** The first IPv6 address. */
  get v6(): string {
    return first(this.addresses6, `${this.name} has no IPv6 address`);
  }

  /** MAC address of the next hop of this host's default route; undefined when it has none. */
  get gatewayMac(): string | undefined {
    return this.#plan.gateway?.mac;
  }

  /** The interface of this name. @throws Error when there is none. */
  interface(name: string): InterfacePlan {
    const found = this.#plan.interfaces.find((each) => each.name === name);
    return first(found ? [found] : [], `${this.name} has no interface ${name}`);
  }

  /** Runs a command in the namespace to its end, whatever its exit status. */
  exec(argv: readonly string[], options: ExecOptions = {}): Promise<ExecResult> {
    return exec(this.command(argv), this.#owned(options));
  }

  /** Runs a command in the namespace that must succeed; returns its standard output. */
  run(argv: readonly string[], options: ExecOptions = {}): Promise<string> {
    return run(this.command(argv), this.#owned(options));
  }

  /**
   * Asks a program in the namespace that answers lines with lines; returns the line. One that has answered before and waits
   * is asked again; where none does, one is started. They end with the lab.
   * @throws what {@link AskedProgram.ask} throws
   */
  async ask(argv: readonly string[], question: string, options: AskOptions): Promise<string> {
    const key = argv.join(' ');
    const idle = this.#idle.get(key) ?? [];
    this.#idle.set(key, idle);
    let program = idle.pop();
    while (program?.running === false) program = idle.pop();
    program ??= new AskedProgram(this.spawn(argv));
    const answer = await program.ask(question, { ...options, signal: this.#signalOf(options) });
    idle.push(program);
    return answer;
  }

  /** Starts a long-running process in the namespace; it ends with the lab at the latest. */
  spawn(argv: readonly string[], options: SpawnOptions = {}): OwnedProcess {
    this.owner.signal.throwIfAborted();
    const process = new OwnedProcess(this.command(argv), {
      ...options,
      env: { ...this.owner.env, ...options.env },
    });
    this.owner.adopt(process);
    return process;
  }

  /** The command line that enters the namespace. `ip netns exec` would remount /sys and hide bpffs. */
  command(argv: readonly string[]): readonly string[] {
    return ['nsenter', `--net=/run/netns/${this.namespace}`, '--', ...argv];
  }

  #owned(options: ExecOptions): ExecOptions {
    return { ...options, env: { ...this.owner.env, ...options.env }, signal: this.#signalOf(options) };
  }

  /** Ends with the lab, too. */
  #signalOf({ signal }: { readonly signal?: AbortSignal | undefined }): AbortSignal {
    return AbortSignal.any([this.owner.signal, ...(signal ? [signal] : [])]);
  }
}

function first<T>(values: readonly T[], complaint: string): T {
  const [value] = values;
  if (value === undefined) throw new Error(complaint);
  return value;
}
