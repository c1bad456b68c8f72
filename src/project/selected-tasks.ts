import type { FilterCall } from '../cli/options.ts';
import type { LedgerEntry } from '../ledger/ledger.ts';
import type { Request } from '../manifest/model.ts';
import { select, shotKey } from '../plan/select.ts';
import type { Project } from './project.ts';

/**
 * Whether the filters of a call take what is filed under a key; null where there are none. What the ledger holds and the
 * manifest does not any more is taken by its key and scene, and by the tags that its shot has now.
 *
 * @throws UsageError as `select` does.
 */
export function selectedKeys(
  { options }: FilterCall,
  { linted: { requests } }: Pick<Project, 'linted'>,
  entries: readonly LedgerEntry[],
): ((key: string) => boolean) | null {
  const selection = { only: options.only ?? [], tags: options.tag ?? [], scenes: options.scene ?? [] };
  if (Object.values(selection).every((wanted) => wanted.length === 0)) return null;
  const tags = new Map(requests.map((request) => [shotKey(request), request.tags]));
  const known = new Set(requests.map(({ key }) => key));
  const others: readonly Request[] = entries
    .filter(({ key }) => !known.has(key))
    .map((entry) => ({
      ...entry,
      body: { ...entry.body, model: entry.model },
      tags: tags.get(shotKey(entry)) ?? [],
    }));
  const keys = new Set(select([...requests, ...others], selection).map(({ key }) => key));
  return (key) => keys.has(key);
}
