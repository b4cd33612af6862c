import type { ErrorDetail } from '../../errors/index.ts';
import type { Style } from './style.ts';

/** A detail in words, `where: message`; a message that begins with the place itself, as those of fields do, stands alone. */
export function formatDetail({ where, message }: ErrorDetail, style: Style): string {
  const rest = message.startsWith(`${where}: `) ? message.slice(where.length + 2) : message;
  return `${style.heading(where)}: ${rest.replaceAll('\n', '\n    ')}`;
}

/** One line a warning. */
export function formatWarnings(warnings: readonly ErrorDetail[], style: Style): string {
  return warnings.map((warning) => `${style.warning('warning:')} ${formatDetail(warning, style)}\n`).join('');
}
