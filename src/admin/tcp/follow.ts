import { type ChangingSettings, followSettings } from '../../config/index.ts';
import type { TcpAdmin } from './tcp-admin.ts';

/** Brings the admin API on TCP to the settings that are in force, see {@link followSettings}. */
export function followAdminApi(
  tcp: TcpAdmin,
  view: ChangingSettings,
  onFault: (error: unknown) => void,
): AsyncDisposable {
  return followSettings(view, ({ adminApi }) => tcp.apply(adminApi), onFault);
}
