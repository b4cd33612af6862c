import type { Settings } from '../../config/index.ts';
import type { EventFeed } from '../../events/index.ts';
import type { TcpAdmin } from './tcp-admin.ts';

/** A balancer whose settings change. */
export interface ChangingSettings {
  readonly feed: Pick<EventFeed, 'on'>;
  readonly configuration: { readonly settings: Settings };
}

/**
 * Brings the admin API on TCP to the settings that are in force, whenever they change, until it is disposed of.
 * @param onFault is told what cannot be done; then the server stays as it was
 */
export function followAdminApi(
  tcp: TcpAdmin,
  { feed, configuration }: ChangingSettings,
  onFault: (error: unknown) => void,
): AsyncDisposable {
  let changes = Promise.resolve();
  const off = feed.on('configurationApplied', () => {
    changes = changes.then(() => tcp.apply(configuration.settings.adminApi).catch(onFault));
  });
  return {
    [Symbol.asyncDispose]: () => {
      off();
      return changes;
    },
  };
}
