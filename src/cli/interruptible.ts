import type { Io } from './io.ts';

/** A signal that the first Ctrl-C aborts, until `end` is called. */
export function interruptible(io: Pick<Io, 'onInterrupt'>): {
  readonly signal: AbortSignal;
  readonly end: () => void;
} {
  const controller = new AbortController();
  return { signal: controller.signal, end: io.onInterrupt(() => controller.abort()) };
}
