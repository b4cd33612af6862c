import { type ChangingSettings, followSettings } from '../../config/index.ts';
import type { MetricsServer } from './metrics-server.ts';

/** Brings the metrics server to the settings that are in force, see {@link followSettings}. */
export function followMetrics(
  server: MetricsServer,
  view: ChangingSettings,
  onFault: (error: unknown) => void,
): AsyncDisposable {
  return followSettings(view, ({ metrics }) => server.apply(metrics), onFault);
}
