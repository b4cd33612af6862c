import type { Command } from 'commander';
import type { NewWeights } from '../../config/index.ts';
import { SluiceError } from '../../errors/index.ts';
import { addChangeOptions, type ChangeCommandOptions, doChange } from '../change-options.ts';
import type { CommandContext } from '../context.ts';
import { weightOf } from '../endpoints.ts';

interface WeightOptions extends ChangeCommandOptions {
  readonly pool?: string;
  readonly equal?: boolean;
}

/** `sluice weight`. */
export function addWeightCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('weight')
    .description('set weights of targets; those that are not named share the rest as they did')
    .argument('<proxy>', 'proxy of the targets')
    .argument('[weights...]', 'TARGET=PERCENT, e.g. 10.0.0.1:8080=30')
    .option('--equal', 'the same share for every target of the pool')
    .option('--pool <pool>', 'pool of the targets: `default`, the source of a route or an SNI name');
  addChangeOptions(command).action((proxy: string, words: string[], options: WeightOptions) => {
    const change = {
      kind: 'setWeights',
      proxy,
      pool: options.pool,
      weights: weightsOf(words, options),
    } as const;
    return doChange(change, options, context);
  });
}

function weightsOf(words: readonly string[], { equal = false }: WeightOptions): NewWeights {
  if (equal && words.length === 0) return 'equal';
  if (!equal && words.length > 0) return Object.fromEntries(words.map(weightOf));
  throw new SluiceError('usage', 'name weights, or --equal', {
    fix: 'sluice weight PROXY TARGET=PERCENT..., or sluice weight PROXY --equal',
  });
}
