export { added, assertNoLeaks } from './assert.ts';
export { type KernelSnapshot, PIN_DIRECTORY, snapshotKernel } from './snapshot.ts';
