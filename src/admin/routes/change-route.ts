import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Change } from '../../config/index.ts';
import type { ChangeOptions, ChangeReport } from '../../report/index.ts';
import { answers } from '../api/answers.ts';
import { showState, wantedStates } from '../api/etag.ts';
import { word } from '../api/parameters.ts';
import type { BalancerView } from '../view.ts';

const differenceSchema = z
  .strictObject({
    op: z.enum(['add', 'remove', 'change']).describe('What is done.'),
    subject: z
      .enum(['proxy', 'sourceRoute', 'sniRoute', 'target', 'weight', 'field', 'setting', 'order'])
      .describe('What it is about; `order`: nothing but the order of things.'),
    proxy: z.string().nullable().describe('The proxy that it is in; null for settings.'),
    pool: z
      .string()
      .nullable()
      .describe('`default`, or what the route matches; null where it is in no pool.'),
    name: z.string().nullable().describe('The target, field or setting.'),
    from: z.string().nullable().describe('What it was.'),
    to: z.string().nullable().describe('What it is.'),
  })
  .openapi('Difference', { description: 'One thing that is not the same in two configurations.' });

const warningSchema = z
  .strictObject({
    where: z.string().describe('`file:line:col`, or the field.'),
    message: z.string().describe('What there is to know.'),
    pointer: z.string().optional().describe('JSON pointer (RFC 6901) to the field of the body.'),
  })
  .openapi('ConfigWarning', { description: 'Something that is valid and still worth knowing.' });

const changeFields = {
  dryRun: z.boolean().describe('Nothing was changed.'),
  generation: z.int().describe('Counts applied configurations; of the one in force now.'),
  hash: z.string().describe('Of the configuration that the change leads to: SHA-256, hex.'),
  differences: z.array(differenceSchema).readonly().describe('What is other than before.'),
  lost: z.array(differenceSchema).readonly().describe('Changes made at run time that a reload takes back.'),
  warnings: z.array(warningSchema).readonly().describe('About what was brought.'),
  plan: z
    .array(z.string())
    .readonly()
    .nullable()
    .describe("Writes to the kernel's tables, in words; null when they were not asked for."),
};

/** What a change has done. */
export const changeSchema = z.strictObject(changeFields).openapi('Change', {
  description: 'What a change has done, or would do.',
}) satisfies z.ZodType<ChangeReport>;

/** How the running configuration differs from its file. */
export const diffSchema = z
  .strictObject({ ...changeFields, file: z.string().describe('The file.') })
  .openapi('Diff', { description: 'What reading the file again would change.' });

/** A word of a query that is true or false. */
export function flagWord(description: string) {
  return z
    .enum(['true', 'false'], { error: 'expected true or false' })
    .default('false')
    .transform((text) => text === 'true')
    .openapi({ type: 'boolean', default: false })
    .describe(description);
}

const options = {
  dryRun: flagWord('Only work out and check what the change would do.'),
  plan: flagWord("Tell the writes to the kernel's tables as well; with `dryRun`."),
};

/** The query of a change. */
export const changeQuery = z.strictObject(options).describe('use dryRun and plan: true or false');

/** The query of a change of one pool. */
export const poolChangeQuery = z
  .strictObject({
    pool: word('`default` (without it, too), the source of a source route, or the name of an SNI route.'),
    ...options,
  })
  .describe('use pool, and dryRun and plan: true or false');

/** The headers of a change. */
export const changeHeaders = z.object({
  'if-match': z
    .string()
    .optional()
    .describe('Go ahead only over this state: an ETag of `GET /v1/config`; otherwise 412.'),
});

/** The answers of a change. */
export const changeAnswers = answers(changeSchema, 'What was done, or would be.');

/** What every query of a change has. */
interface FlagsOfChange {
  readonly dryRun: boolean;
  readonly plan: boolean;
}

/** What the query and the headers of a request ask for. */
export function changeOptions(context: Context, { dryRun, plan }: FlagsOfChange): ChangeOptions {
  return { dryRun, plan, ifHash: wantedStates(context) };
}

/** Does a change, or works out what it would do. The ETag of the answer is that of the new state. */
export async function doChange(
  context: Context,
  view: BalancerView,
  query: FlagsOfChange,
  change: Change,
): Promise<ChangeReport> {
  return showChange(context, await view.configuration.change(change, changeOptions(context, query)));
}

/** Puts the ETag of the new state on the answer. */
export function showChange(context: Context, report: ChangeReport): ChangeReport {
  if (!report.dryRun) showState(context, report.hash);
  return report;
}
