import type { RouteReport, RoutesReport, TargetWeightReport } from '../../../src/report/index.ts';
import type { Snapshot } from '../data/store.ts';
import { count, percent } from '../format/numbers.ts';
import { Empty, Panel, Table, Trouble } from '../parts/panel.tsx';
import { useResource } from '../parts/resource.ts';
import { TracePanel } from './routes/trace-panel.tsx';

const EVERY_MS = 5_000;

/** Which clients have targets of their own? */
export function RoutesPage({ known }: { readonly known: Snapshot }) {
  const { answer, error } = useResource<RoutesReport>('v1/routes?limit=10000', EVERY_MS);
  const routes = answer.value?.routes ?? [];
  return (
    <>
      {error.value === null ? null : <Trouble error={error.value} />}
      <Kind
        title="By the client’s address"
        head="Source"
        nothing="No source routes: all clients of a proxy share its default targets."
        routes={routes.filter(({ kind }) => kind === 'source')}
        known={known}
      />
      <Kind
        title="By the name that a TLS client asks for"
        head="Name"
        nothing="No SNI routes: names make no difference."
        routes={routes.filter(({ kind }) => kind === 'sni')}
        known={known}
      />
      <TracePanel known={known} />
    </>
  );
}

interface KindProps {
  readonly title: string;
  readonly head: string;
  readonly nothing: string;
  readonly routes: readonly RouteReport[];
  readonly known: Snapshot;
}

function Kind({ title, head, nothing, routes, known }: KindProps) {
  return (
    <Panel title={title} wide>
      {routes.length === 0 ? (
        <Empty>{nothing}</Empty>
      ) : (
        <Table label={title} columns={[head, 'Proxy', 'Targets and their share', '#Open']}>
          {routes.map((route) => {
            const pool = matchOf(route);
            const targets = targetsOf(route.proxy, pool, known.targets);
            return (
              <tr key={JSON.stringify([route.proxy, pool])}>
                <th scope="row">{pool}</th>
                <td>{route.proxy}</td>
                <td>
                  <ul class="plain">
                    {targets.map(({ target, sharePercent }) => (
                      <li key={target}>
                        {target} <span class="faint">{percent(sharePercent)}</span>
                      </li>
                    ))}
                  </ul>
                </td>
                <td class="number">
                  {count(targets.reduce((sum, { activeFlows }) => sum + activeFlows, 0))}
                </td>
              </tr>
            );
          })}
        </Table>
      )}
    </Panel>
  );
}

/** What a route matches, which is also the name of its pool. */
function matchOf({ route }: RouteReport): string {
  return String(route.source ?? route.sniHostname ?? '');
}

function targetsOf(
  proxy: string,
  pool: string,
  targets: readonly TargetWeightReport[],
): readonly TargetWeightReport[] {
  return targets.filter(
    (each) => each.proxy === proxy && (each.pool === pool || each.pool.startsWith(`${pool} IPv`)),
  );
}
