import path from 'node:path';
import type { Catalog } from '../catalog/catalog.ts';
import { SetupError } from '../core/errors.ts';

/**
 * The catalog where no manifest is read: the shipped one, extended by a models file where one is named.
 *
 * @throws SetupError for a models file that cannot be read or does not fit.
 */
export async function readCatalog(file: string | undefined, cwd: string): Promise<Catalog> {
  const { shippedCatalog } = await import('../catalog/shipped.ts');
  if (file === undefined) return shippedCatalog;

  const { readModels } = await import('../lint/models-file.ts');
  const read = await readModels({ file, absolutePath: path.resolve(cwd, file) });
  if ('reason' in read) throw new SetupError(`the models file ${file} ${read.reason}`, { help: read.help });
  const [finding] = read.findings;
  if (finding !== undefined) {
    const { message, help } = finding;
    throw new SetupError(`the models file ${file} does not fit: ${message}`, { help });
  }
  return read.catalog;
}
