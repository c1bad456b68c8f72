import { UsageError } from '../core/errors.ts';
import { belongsTo, parseRequestKey } from '../core/request-key.ts';
import { didYouMean } from '../core/suggest.ts';
import type { LedgerEntry, RequestIdentity } from '../ledger/ledger.ts';
import type { Adoption, Renaming } from '../ledger/model/moving.ts';
import { renamed } from '../ledger/model/place.ts';
import { isSameRequest } from '../manifest/filed.ts';
import type { ProjectContext } from './context.ts';

/**
 * Files what was paid under an old name under a new one, of a shot, variant, scene or project.
 *
 * @throws UsageError for names that do not fit the manifest, ResolutionError for what the ledger refuses.
 */
export async function adoptName(
  context: ProjectContext,
  from: string,
  to: string,
): Promise<readonly Adoption[]> {
  if (from === to) throw new UsageError('the old and the new name are the same');
  const { ledger, scope, by, journal } = context;
  const renaming = renamingOf(context, from, to);
  const only = isHeld(context, renaming)
    ? comingTo(context, renaming, await (await ledger.reader()).read(scope))
    : undefined;
  const moved = await (await ledger.writer()).adopt(scope.provider, renaming, by, only);
  await journal.write(ledger);
  return moved;
}

/** @throws UsageError for a new name that the manifest does not hold. */
function renamingOf({ linted, scope }: ProjectContext, from: string, to: string): Renaming {
  const keys = linted.requests.map(({ key }) => key);
  const { project } = scope;
  if (to === project && !holds(keys, to)) {
    return { from: { project: from, key: null }, to: { project, key: null } };
  }
  if (from.endsWith('/') !== to.endsWith('/')) {
    throw new UsageError('a scene becomes a scene: both are written with a slash at the end');
  }
  if (parseRequestKey(from).take !== parseRequestKey(to).take) {
    throw new UsageError('another take is another request, so one cannot become the other', {
      help: 'name the shot or the variant: its takes go along',
    });
  }
  if (!holds(keys, to)) {
    throw new UsageError(`${to} is not in the manifest`, {
      help: didYouMean(to, keys, 'shotlist plan lists the keys'),
    });
  }
  return { from: { project, key: from }, to: { project, key: to } };
}

/** True where the manifest still holds the old name: then something else has it now, or nothing was renamed. */
function isHeld({ linted, scope: { project } }: ProjectContext, renaming: Renaming): boolean {
  if (renaming.from.key === null) return false;
  return linted.requests.some(({ key }) => renamed({ project, key }, renaming) !== null);
}

/**
 * Requests that the new name asks for and that were paid under the old one, which asks for something else now.
 *
 * @throws UsageError where there is none.
 */
function comingTo(
  { linted: { requests }, scope: { project } }: ProjectContext,
  renaming: Renaming,
  entries: readonly LedgerEntry[],
): readonly RequestIdentity[] {
  const byKey = new Map(requests.map((request) => [request.key, request]));
  const asksFor = (key: string, entry: LedgerEntry): boolean => {
    const request = byKey.get(key);
    return request !== undefined && isSameRequest(request, entry);
  };
  const coming = entries.flatMap((entry) => {
    const to = renamed({ project, key: entry.key }, renaming);
    if (to === null || asksFor(entry.key, entry)) return [];
    return asksFor(to.key, entry) ? [{ key: to.key, fingerprint: entry.fingerprint }] : [];
  });
  if (coming.length > 0) return coming;
  throw new UsageError(`${renaming.from.key} is still in the manifest, so it was not renamed`, {
    help: 'what was paid under a key that is there counts for that key',
  });
}

/** True where a name is that of a key, or of the scene, shot or variant of one. */
function holds(keys: readonly string[], name: string): boolean {
  return keys.some((key) => belongsTo(key, name));
}
