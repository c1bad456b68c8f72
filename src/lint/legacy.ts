import type { LegacyUse } from '../manifest/model.ts';

/** Whether the new spelling beside a legacy one says something else. */
export function conflicts({ beside, value }: LegacyUse): boolean {
  return beside !== undefined && beside.value !== value;
}
