import { type CarriedOptions, type FollowUp, followUpOf as followUpWith } from '../project/follow-up.ts';

/** Writes commands that go on after a call, with the flags that they need of it. */
export function followUpOf({ options }: { readonly options: CarriedOptions }, file: string): FollowUp {
  return followUpWith(options, file);
}
