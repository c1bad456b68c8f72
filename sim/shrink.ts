import type { Action, Script } from './script.ts';

/**
 * The shortest script found that still fails in the same way: leaves out halves, then quarters, down to single actions, as
 * long as something can be left out.
 *
 * @param fails whether a script breaks the same promise.
 */
export async function shrink(script: Script, fails: (script: Script) => Promise<boolean>): Promise<Script> {
  let actions = script.actions;
  let size = Math.max(1, actions.length >> 1);
  while (size >= 1) {
    const shorter = await withoutSome(script, actions, size, fails);
    if (shorter !== null) {
      actions = shorter;
      continue;
    }
    if (size === 1) break;
    size >>= 1;
  }
  return { ...script, actions };
}

async function withoutSome(
  script: Script,
  actions: readonly Action[],
  size: number,
  fails: (script: Script) => Promise<boolean>,
): Promise<readonly Action[] | null> {
  for (let start = 0; start < actions.length; start += size) {
    const shorter = [...actions.slice(0, start), ...actions.slice(start + size)];
    if (await fails({ ...script, actions: shorter })) return shorter;
  }
  return null;
}
