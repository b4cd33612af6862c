export { type FrameSummary, summariseFrame } from './frame.ts';
export {
  CAPTURE_BOUNDS,
  CAPTURE_HOOKS,
  CAPTURE_OUTCOMES,
  type CapturedFrame,
  type CapturedPacket,
  type CaptureEnd,
  type CaptureHook,
  type CaptureLine,
  type CaptureOutcome,
  type CaptureRequest,
} from './model.ts';
export { PcapngWriter } from './pcapng.ts';
export {
  type CaptureCondition,
  type CaptureProtocol,
  parseCaptureFilter,
  type TupleFilter,
} from './words.ts';
