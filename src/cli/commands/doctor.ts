import type { Command } from 'commander';
import type { Config } from '../../config/index.ts';
import {
  type Finding,
  type FindingLevel,
  gatherFacts,
  preflight,
  subjectOf,
  subjectOfHost,
} from '../../doctor/index.ts';
import { readInterfaces } from '../../host/index.ts';
import type { CommandContext } from '../context.ts';
import type { Style } from '../format/style.ts';
import { collect, type OutputFormat, outputOption } from '../options.ts';
import { chooseSource, loadSource, type SourceFlags } from '../run/config-source.ts';
import { portOption } from './run.ts';

interface DoctorOptions extends SourceFlags {
  readonly output: OutputFormat;
}

/** Status when something fails. */
const FAILED = 1;

/** `sluice doctor`. */
export function addDoctorCommand(program: Command, context: CommandContext): void {
  program
    .command('doctor')
    .description('find what keeps this host from balancing, and say how to mend it; changes nothing')
    .option('-c, --config <file>', 'configuration file to examine this host for')
    .option('-i, --interface <name>', 'interface to examine; may be given several times', collect)
    .addOption(portOption())
    .option('-t, --target <ip:port>', 'target to examine')
    .addOption(outputOption())
    .action((options: DoctorOptions) => doctor(options, context));
}

async function doctor(options: DoctorOptions, context: CommandContext): Promise<void> {
  const { host, libbpfVersion } = context.io;
  const config = await loadNamedConfig(options, context.io.cwd);
  const interfaces = await readInterfaces(host);
  const subject = config === null ? subjectOfHost(interfaces) : subjectOf(config);
  const findings = preflight(subject, await gatherFacts(subject, { host, libbpfVersion }, interfaces));
  const healthy = findings.every((finding) => finding.level !== 'fail');
  if (options.output === 'json') context.printJson({ healthy, findings });
  else context.print(formatFindings(findings, context.style));
  if (!healthy) context.exitCode = FAILED;
}

/** Null when the command line names nothing: then the host alone is examined. */
async function loadNamedConfig(options: DoctorOptions, cwd: string): Promise<Config | null> {
  const { config, interface: interfaces, target } = options;
  if (config === undefined && interfaces === undefined && target === undefined) return null;
  return (await loadSource(await chooseSource(options, cwd))).config;
}

const MARKS: Readonly<Record<FindingLevel, string>> = {
  ok: 'ok  ',
  hint: 'hint',
  warn: 'warn',
  fail: 'FAIL',
};

/** A line a finding, its fix below it, and a last line that counts. */
export function formatFindings(findings: readonly Finding[], style: Style): string {
  const paint = { ok: style.good, hint: style.faint, warn: style.warning, fail: style.bad } as const;
  const width = Math.max(0, ...findings.map(({ check }) => check.length));
  const lines = findings.flatMap(({ check, level, message, fix }) => {
    const line = `${paint[level](MARKS[level])}  ${check.padEnd(width)}  ${message}`;
    return fix === undefined ? [line] : [line, `${' '.repeat(width + 8)}${style.faint('fix:')} ${fix}`];
  });
  return `${lines.join('\n')}\n\n${verdict(findings)}\n`;
}

function verdict(findings: readonly Finding[]): string {
  const count = (level: FindingLevel) => findings.filter((finding) => finding.level === level).length;
  const [fails, warns] = [count('fail'), count('warn')];
  if (fails > 0) return `${fails} to mend, ${warns} to look at`;
  return warns > 0 ? `nothing fails, ${warns} to look at` : 'all is well';
}
