import path from 'node:path';
import type { Catalog } from '../catalog/catalog.ts';
import type { CommandCall } from '../cli/command.ts';
import { SetupError } from '../core/errors.ts';

/**
 * The catalog for a command that reads no manifest: the shipped one, extended by `--models` where that is given.
 *
 * @throws SetupError for a models file that cannot be read or does not fit.
 */
export async function readCatalog({ io, options }: CommandCall): Promise<Catalog> {
  const { shippedCatalog } = await import('../catalog/shipped.ts');
  const file = options['models'];
  if (typeof file !== 'string') return shippedCatalog;

  const { readModels } = await import('../lint/models-file.ts');
  const read = await readModels({ file, absolutePath: path.resolve(io.cwd, file) });
  if ('reason' in read) throw new SetupError(`the models file ${file} ${read.reason}`, { help: read.help });
  const [finding] = read.findings;
  if (finding !== undefined) {
    const { message, help } = finding;
    throw new SetupError(`the models file ${file} does not fit: ${message}`, { help });
  }
  return read.catalog;
}
