/** The file whose vector must fail: the proof that a wrong one does. */
export const WRONG_ON_PURPOSE = 'wrong-on-purpose.yaml';
