import { type Flows, NO_FLOWS } from '../../data/flows.ts';
import { useStore } from '../../data/store.ts';
import { count } from '../../format/numbers.ts';

/** The settings that say what is told of connections; absent ones have their defaults. */
export interface TellSettings {
  readonly statsEnabled?: boolean;
  readonly flowSampling?: number;
  readonly accessLog?: { readonly enabled?: boolean };
}

/** What of connections is told at all. */
export function isTold({ statsEnabled, accessLog }: TellSettings): 'all' | 'ends' | 'nothing' {
  if (statsEnabled === true) return 'all';
  return accessLog?.enabled === true ? 'ends' : 'nothing';
}

/** Why no connections are shown, and how to change that. */
export function StatisticsOff() {
  return (
    <div class="off">
      <p>
        <b>Statistics are off, so nobody is told of single connections.</b>
      </p>
      <p>
        Set <code>statsEnabled: true</code> under <code>settings</code> and reload, or start the daemon with{' '}
        <code>sluice run -s</code>. Packets of open connections pay nothing for it; connections that are open
        already are not told of.
      </p>
    </div>
  );
}

/** What is missing in what is shown, so that nobody takes it for everything. */
export function FlowNotes({ settings, flows }: { readonly settings: TellSettings; readonly flows: Flows }) {
  const { lost } = useStore().history.value.last?.stats.flowEvents ?? {};
  const { flowSampling = 1 } = settings;
  const dropped = lost === undefined ? 0 : lost.opened + lost.closed + lost.flows;
  const notes = [
    isTold(settings) === 'ends'
      ? 'Only ends are told: the access log is on, and statistics (statsEnabled) are off.'
      : '',
    flowSampling > 1 ? `One connection in ${count(flowSampling)} is told of (flowSampling).` : '',
    flows.missed > NO_FLOWS.missed
      ? `${count(flows.missed)} events are missing here: they came faster than this page could read.`
      : '',
    dropped > 0
      ? `${count(dropped)} events were lost since the balancer was attached: they came faster than the daemon could read. A sample (flowSampling) helps.`
      : '',
  ].filter((note) => note !== '');
  if (notes.length === 0) return null;
  return (
    <ul class="notes">
      {notes.map((note) => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  );
}
