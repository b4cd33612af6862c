import type { Change, LoadedConfig } from '../config/index.ts';
import type { ChangeOptions, ChangeReport, ConfigReport, DiffReport } from '../report/index.ts';

/** What the admin API needs of the configuration of a running balancer. All that changes it comes one after another. */
export interface ConfigView {
  /** What is in force. */
  running(): Promise<ConfigReport>;
  /** Changes a piece of it. @throws SluiceError; what was in force stays */
  change(change: Change, options?: ChangeOptions): Promise<ChangeReport>;
  /** Puts a whole configuration in its place. @throws SluiceError; what was in force stays */
  replace(loaded: LoadedConfig, options?: ChangeOptions): Promise<ChangeReport>;
  /** Reads the file again and applies it. @throws SluiceError; what was in force stays */
  reload(options?: ChangeOptions): Promise<ChangeReport>;
  /** What a reload would change. @throws SluiceError */
  diff(options?: Pick<ChangeOptions, 'plan'>): Promise<DiffReport>;
}
