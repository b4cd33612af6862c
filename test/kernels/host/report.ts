import type { Message } from '../protocol.ts';
import type { MachineResult } from './verdict.ts';

/** What is said of a message as it comes; undefined for those that are not worth a line. */
export function progressLine(machine: string, message: Message): string | undefined {
  switch (message.type) {
    case 'started':
      return `${machine}: Linux ${message.release} on ${message.architecture}, Node ${message.node}`;
    case 'passed':
      return `${machine}: ok    ${seconds(message.ms)}  ${message.name} (${message.detail})`;
    case 'failed':
      return `${machine}: FAIL  ${seconds(message.ms)}  ${message.name}`;
    case 'note':
      return `${machine}: ${message.text}`;
    case 'checking':
    case 'verified':
    case 'done':
      return undefined;
  }
}

/** The table at the end, and what is wrong. */
export function summary(results: readonly MachineResult[]): string {
  const rows = [
    ['machine', 'boot', 'all', 'checks', ''],
    ...results.map(({ machine, bootMs, totalMs, passed, expected, faults }) => [
      machine.name,
      bootMs === undefined ? '-' : seconds(bootMs),
      seconds(totalMs),
      `${passed}/${expected}`,
      faults.length === 0 ? 'ok' : 'FAILED',
    ]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const table = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
  const faults = results.flatMap(({ machine, faults }) => faults.map((fault) => `${machine.name}: ${fault}`));
  return [...table.map((line) => line.trimEnd()), ...faults.flatMap((fault) => ['', fault])].join('\n');
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
