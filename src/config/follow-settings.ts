import type { Settings } from './model.ts';

/** A balancer whose settings change. */
export interface ChangingSettings {
  /** Tells when other settings are in force; what it returns ends that. */
  readonly feed: { on(type: 'configurationApplied', listener: () => void): () => void };
  readonly configuration: { readonly settings: Settings };
}

/**
 * Brings something, such as a server, to the settings that are in force, whenever they change, until it is disposed of.
 * @param onFault is told what cannot be done; then it stays as it was
 */
export function followSettings(
  { feed, configuration }: ChangingSettings,
  apply: (settings: Settings) => Promise<void>,
  onFault: (error: unknown) => void,
): AsyncDisposable {
  let changes = Promise.resolve();
  const off = feed.on('configurationApplied', () => {
    changes = changes.then(() => apply(configuration.settings).catch(onFault));
  });
  return {
    [Symbol.asyncDispose]: () => {
      off();
      return changes;
    },
  };
}
