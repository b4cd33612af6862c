import type { StatusReport } from '../../../src/report/index.ts';
import { Pill } from './panel.tsx';

const STATES = {
  same: ['good', 'as the file'],
  differs: ['warn', 'differs from the file'],
  invalid: ['bad', 'the file is not valid'],
} as const;

/** How the running configuration and its file compare. */
export function FileState({ status: { file, configFile } }: { readonly status: StatusReport }) {
  if (file === null) return <Pill tone="plain">from the command line</Pill>;
  const [tone, words] = STATES[file.state];
  return (
    <>
      <Pill tone={tone}>{words}</Pill> <span class="path">{configFile}</span>
      {file.lastFailure === null ? null : <p class="trouble">{file.lastFailure.message}</p>}
    </>
  );
}
