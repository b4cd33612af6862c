import type { CommandResult, HostIo } from './io.ts';

/** What a recorded host answers. */
export interface Recording {
  /** By command line, e.g. `ip -j -d addr show`. */
  readonly commands?: Readonly<Record<string, Partial<CommandResult>>>;
  /** Content of files by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** Targets of symbolic links by path. */
  readonly links?: Readonly<Record<string, string>>;
}

/** A host that answers from a recording, for tests; a command that was not recorded fails with status 1. */
export function recordedIo(recording: Recording): HostIo {
  return {
    run: async (command, args) => {
      const answer = recording.commands?.[[command, ...args].join(' ')];
      if (answer === undefined) return { exitCode: 1, stdout: '', stderr: 'not recorded' };
      return { exitCode: 0, stdout: '', stderr: '', ...answer };
    },
    readText: async (path) => recording.files?.[path] ?? null,
    readLink: async (path) => recording.links?.[path] ?? null,
  };
}
