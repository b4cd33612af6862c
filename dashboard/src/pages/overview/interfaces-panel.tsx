import type { StatusReport } from '../../../../src/report/index.ts';
import { Panel, Pill, Table } from '../../parts/panel.tsx';

const ROLES = { listen: 'towards clients', reply: 'towards targets', both: 'clients and targets' } as const;
const TONES = { native: 'good', generic: 'warn', tc: 'good', detached: 'bad' } as const;
const MODES = { native: 'XDP, native', generic: 'XDP, generic', tc: 'TC', detached: 'detached' } as const;

/** Where the programs are, and how they are attached. */
export function InterfacesPanel({ status }: { readonly status: StatusReport }) {
  return (
    <Panel title="Interfaces">
      <Table label="Interfaces" columns={['Interface', 'Role', 'Attached']}>
        {status.interfaces.map(({ name, role, mode }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{ROLES[role]}</td>
            <td>
              <Pill tone={TONES[mode]}>{MODES[mode]}</Pill>
            </td>
          </tr>
        ))}
      </Table>
    </Panel>
  );
}
