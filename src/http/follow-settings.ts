import type { Settings } from '../config/index.ts';
import type { EventFeed } from '../events/index.ts';

/** A balancer whose settings change. */
export interface ChangingSettings {
  readonly feed: Pick<EventFeed, 'on'>;
  readonly configuration: { readonly settings: Settings };
}

/**
 * Brings a server to the settings that are in force, whenever they change, until it is disposed of.
 * @param onFault is told what cannot be done; then the server stays as it was
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
