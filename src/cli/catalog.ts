import path from 'node:path';
import type { Catalog } from '../catalog/catalog.ts';
import { SetupError } from '../core/errors.ts';
import type { CommandCall } from './command.ts';

/**
 * The catalog for a command that reads no manifest: the shipped one, extended by `--models` where that is given.
 *
 * @throws SetupError for a models file that cannot be read or does not fit.
 */
export async function readCatalog({ io, options }: CommandCall): Promise<Catalog> {
  const { shippedCatalog } = await import('../catalog/shipped.ts');
  const file = options['models'];
  if (typeof file !== 'string') return shippedCatalog;

  const [{ readSource }, { extendCatalog }] = await Promise.all([
    import('../manifest/source.ts'),
    import('../catalog/extend.ts'),
  ]);
  const { value, unreadable, findings } = await readSource({
    file,
    absolutePath: path.resolve(io.cwd, file),
  });
  if (unreadable !== null)
    throw new SetupError(`the models file ${file} ${unreadable.message}`, { help: unreadable.help });
  const { catalog, problems } = extendCatalog(shippedCatalog, value);
  const [problem] = [...findings, ...problems];
  if (problem !== undefined)
    throw new SetupError(`the models file ${file} does not fit: ${problem.message}`, { help: problem.help });
  return catalog;
}
