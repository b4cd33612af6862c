import * as z from 'zod';
import { configSchema } from './config.ts';

/** The JSON Schema (draft-07) of a configuration file in YAML or JSON. Editors complete and check with it. */
export function configJsonSchema(): object {
  const schema = z.toJSONSchema(configSchema, { target: 'draft-7', io: 'input' });
  return { ...schema, title: 'Sluice configuration' };
}
