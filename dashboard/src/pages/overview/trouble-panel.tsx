import { ratesNow, reasonKey } from '../../data/history.ts';
import { useStore } from '../../data/store.ts';
import { count, rate } from '../../format/numbers.ts';
import { isTrouble, reasonMeaning, reasonName } from '../../format/reasons.ts';
import { Empty, Panel, Table } from '../../parts/panel.tsx';

/** Which packets are lost or odd, and why? */
export function TroublePanel() {
  const { value } = useStore().history;
  const rates = ratesNow(value)?.reasons;
  const rows = (value.last?.stats.reasons ?? [])
    .filter((each) => isTrouble(each) && each.packets > 0)
    .map((each) => ({ ...each, perSecond: rates?.get(reasonKey(each)) ?? 0 }))
    .sort((a, b) => b.perSecond - a.perSecond || b.packets - a.packets);
  return (
    <Panel title="Packets lost or odd, by reason">
      {rows.length === 0 ? (
        <Empty>None. Every packet so far was forwarded, or was not for us.</Empty>
      ) : (
        <Table label="Packets by reason" columns={['Reason', '#Now', '#Ever']}>
          {rows.map((row) => (
            <tr key={reasonKey(row)} class={row.perSecond > 0 && row.outcome === 'dropped' ? 'bad' : ''}>
              <th scope="row">
                {row.outcome === 'dropped' ? 'Dropped' : 'Passed on'}: {reasonName(row.reason)}
                <small>
                  {reasonMeaning(row.reason)} <span class="nowrap">({row.hook.replace('_', ' ')})</span>
                </small>
              </th>
              <td class="number">{rate(row.perSecond)}/s</td>
              <td class="number">{count(row.packets)}</td>
            </tr>
          ))}
        </Table>
      )}
    </Panel>
  );
}
