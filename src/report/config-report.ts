import type { ConfigDocument, ConfigWarning, Difference, DocumentMap } from '../config/index.ts';
import type { InterfaceReport, ListTotal } from './report.ts';

/** The running configuration: answer of `GET /v1/config`. */
export interface ConfigReport {
  /** Counts applied configurations of this instance, over daemon restarts. */
  readonly generation: number;
  /** SHA-256 of the configuration, hex; also its ETag. */
  readonly hash: string;
  /** The configuration in the words of a file. */
  readonly config: ConfigDocument;
}

/** How to change the configuration. */
export interface ChangeOptions {
  /** Only work out and check what the change would do. */
  readonly dryRun?: boolean | undefined;
  /** Tell the writes to the kernel's tables as well; only for dry runs. */
  readonly plan?: boolean | undefined;
  /** Go ahead only when the configuration in force has one of these hashes. */
  readonly ifHash?: readonly string[] | undefined;
}

/** What a change of the configuration has done, or would do. */
export interface ChangeReport {
  /** Nothing was changed: it was a dry run. */
  readonly dryRun: boolean;
  /** Of what is in force after the change; of what was before, after a dry run. */
  readonly generation: number;
  /** Hash of the configuration that the change leads to. */
  readonly hash: string;
  readonly differences: readonly Difference[];
  /** Changes made at run time that a reload takes back, because the file does not have them. */
  readonly lost: readonly Difference[];
  /** What is valid and still worth knowing about what was brought. */
  readonly warnings: readonly ConfigWarning[];
  /** The writes to the kernel's tables, in words; null when they were not asked for. */
  readonly plan: readonly string[] | null;
}

/** How the running configuration differs from its file: answer of `GET /v1/config/diff`. */
export interface DiffReport extends ChangeReport {
  /** The file. */
  readonly file: string;
}

/** The file of the configuration, as part of the status. */
export interface FileReport {
  /**
   * `same`: the running configuration is what the file says. `differs`: it is not; it was changed since, or the file was.
   * `invalid`: the file cannot be read or is not valid, the last good configuration stands.
   */
  readonly state: 'same' | 'differs' | 'invalid';
  /** Why the last reload failed, and when; null when it did not. */
  readonly lastFailure: { readonly at: string; readonly message: string } | null;
}

/** One route and where it is. */
export interface RouteReport {
  readonly proxy: string;
  /** By the address of the client, or by the name that it asks for. */
  readonly kind: 'source' | 'sni';
  /** The route in the words of a file. */
  readonly route: DocumentMap;
}

/** Answer of `GET /v1/routes`. */
export interface RoutesReport extends ListTotal {
  readonly routes: readonly RouteReport[];
}

/** Answer of `GET /v1/interfaces`. */
export interface InterfacesReport {
  readonly interfaces: readonly (InterfaceReport & {
    /** Proxies that name it. */
    readonly proxies: readonly string[];
  })[];
}
