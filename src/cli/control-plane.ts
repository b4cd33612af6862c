import type { Logger } from 'pino';
import type { BalancerView } from '../admin/index.ts';
import type { LoadedConfig, Settings } from '../config/index.ts';
import type { EventFeed } from '../events/index.ts';
import type { BalancerSize, ChangeReport } from '../report/index.ts';

/** What a balancer is started with. */
export interface StartOptions {
  readonly loaded: LoadedConfig;
  readonly instance: string;
  readonly logger: Logger;
  /** Reads the configuration again for a reload; undefined when it did not come from a file. */
  readonly reread: (() => Promise<LoadedConfig>) | undefined;
}

/** What the CLI needs of a running balancer. */
export interface RunningBalancer extends BalancerView {
  readonly feed: Pick<EventFeed, 'recent' | 'events' | 'on'>;
  readonly configuration: BalancerView['configuration'] & {
    /** The settings in force. */
    readonly settings: Settings;
    /** Resolves when the changes that were asked for until now are in the kernel. */
    settled(): Promise<void>;
    /** Reloads, unless the file says what it said before; null then. */
    reloadIfChanged(): Promise<ChangeReport | null>;
  };
  /** How much is balanced; asks the kernel nothing. */
  size(): BalancerSize;
  /** Opens the file of the access log anew. */
  readonly flows: { reopenLog(): Promise<void> };
  /** Stops the daemon's side and leaves the data path in the kernel. */
  close(): Promise<void>;
}

/** The part of the control plane that the CLI drives; loaded when a command needs it. */
export interface ControlPlane {
  readonly LoadBalancer: { start(options: StartOptions): Promise<RunningBalancer> };
  /** Removes what an instance left in the kernel; false when there was nothing. */
  readonly detachInstance: (instance: string) => Promise<boolean>;
}

/** What the demo is run with. */
export interface DemoOptions {
  /** Ends by itself after this time; null runs until the signal. */
  readonly seconds: number | null;
  readonly signal: AbortSignal;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** Command and first arguments that start this `sluice`. */
  readonly sluiceCommand: readonly string[];
}

/** The demo, loaded when it is asked for. */
export interface Demo {
  readonly runDemo: (options: DemoOptions) => Promise<void>;
}
