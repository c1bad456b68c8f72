import type { Clock } from '../core/clock.ts';
import type { SendBefore } from '../ledger/ledger.ts';

/** True while a claim may be sent, by both clocks: one stands still in a suspended machine, the other can be set. */
export function isBefore(sendBefore: SendBefore | null, clock: Clock): boolean {
  if (sendBefore === null) return true;
  return clock.monotonic() < sendBefore.monotonic && clock.now() < sendBefore.wall;
}
