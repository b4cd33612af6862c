/** The command line's manners, for the other commands of this package: how errors, tables and options look. */
export { formatError, toCliError } from './errors.ts';
export { type Style, styleFor } from './format/style.ts';
export { type Column, formatTable } from './format/table.ts';
export { formatCount, formatDuration } from './format/units.ts';
export { type CliIo, type CliOutput, systemCliIo } from './io.ts';
export { integerParser, type OutputFormat, outputOption } from './options.ts';
export { runTool, type ToolIo, writeReport } from './tool.ts';
