import { type Catalog, defaultQueryPath, type Model } from '../catalog/catalog.ts';
import type { JsonObject } from '../core/canonical-json.ts';

/** The path at which tasks of a model are asked about, relative to the base URL, without the id. */
export function queryPathOf(model: Model | undefined): string {
  return model?.queryPath ?? defaultQueryPath;
}

/** A task as its model's interface shows it: with that one's own word for the status, where there is one. */
export function inOwnWords(task: JsonObject, catalog: Catalog): JsonObject {
  const { statuses = {} } = catalog.get(String(task['model'])) ?? {};
  const own = Object.entries(statuses).find(([, status]) => status === task['status'])?.[0];
  return own === undefined ? task : { ...task, status: own };
}
