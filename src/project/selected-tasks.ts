import { shotKey } from '../core/request-key.ts';
import type { LedgerEntry } from '../ledger/ledger.ts';
import type { Request } from '../manifest/model.ts';
import { type Selection, select } from '../plan/select.ts';

/**
 * Tells for a key if a selection takes it; null where it takes everything. What the ledger holds and the
 * manifest does not any more is taken by its key and scene, and by the tags that its shot has now.
 *
 * @throws UsageError as `select` does.
 */
export function selectedKeys(
  selection: Selection,
  requests: readonly Request[],
  entries: readonly LedgerEntry[],
): ((key: string) => boolean) | null {
  const { only = [], tags = [], scenes = [] } = selection;
  if (only.length + tags.length + scenes.length === 0) return null;
  const tagsOf = new Map(requests.map((request) => [shotKey(request), request.tags]));
  const known = new Set(requests.map(({ key }) => key));
  const others: readonly Request[] = entries
    .filter(({ key }) => !known.has(key))
    .map((entry) => ({
      ...entry,
      body: { ...entry.body, model: entry.model },
      tags: tagsOf.get(shotKey(entry)) ?? [],
    }));
  const keys = new Set(select([...requests, ...others], selection).map(({ key }) => key));
  return (key) => keys.has(key);
}
