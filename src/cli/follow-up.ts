import { type CarriedOptions, type FollowUp, followUpOf as followUpWith } from '../project/follow-up.ts';
import type { CommandCall } from './command.ts';

/** Writes commands that go on after a call, with the flags that they need of it. */
export function followUpOf({ options }: Pick<CommandCall, 'options'>, file: string): FollowUp {
  return followUpWith(options as CarriedOptions, file);
}
