/** Quantities as people read them, for the command line and for the page in the browser. */
export { millisecondsText } from './milliseconds.ts';
