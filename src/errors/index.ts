export { ERROR_CODES, type ErrorCode } from './codes.ts';
export { jsonPointer } from './pointer.ts';
export { type ErrorDetail, SluiceError, type SluiceErrorOptions } from './sluice-error.ts';
export { takeBack, type WayBack } from './take-back.ts';
