import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { publishedSchemas } from '../../project/published-schemas.ts';

/** Something that a client can read: the schemas, and the documents. */
export interface ServedResource {
  readonly uri: string;
  readonly name: string;
  readonly description: string;
  readonly mimeType: string;
  read(): Promise<string>;
}

/** What there is to read, in a release as in a checkout. */
export async function servedResources(): Promise<readonly ServedResource[]> {
  return [...schemas(), ...(await documents())];
}

function schemas(): readonly ServedResource[] {
  return Object.entries(publishedSchemas).map(([name, { summary, load }]) => ({
    uri: `shotlist://schemas/${name}`,
    name: `${name}.schema.json`,
    description: `JSON Schema of ${summary}`,
    mimeType: 'application/schema+json',
    read: async () => JSON.stringify(await load(), null, 2),
  }));
}

async function documents(): Promise<readonly ServedResource[]> {
  const folder = docsFolder(import.meta.dirname);
  if (folder === null) return [];
  const pages = (await readdir(folder)).filter((name) => name.endsWith('.md')).sort();
  const read = (name: string): Promise<string> => readFile(path.join(folder, name), 'utf8');
  return Promise.all(
    pages.map(async (name) => ({
      uri: `shotlist://docs/${name}`,
      name,
      description: titleOf(await read(name)),
      mimeType: 'text/markdown',
      read: () => read(name),
    })),
  );
}

function titleOf(page: string): string {
  return /^# (.+)$/m.exec(page)?.[1] ?? '';
}

/** The documents lie beside the program's own folder; null where they are not installed. */
function docsFolder(from: string): string | null {
  for (let at = from; ; at = path.dirname(at)) {
    const folder = path.join(at, 'docs');
    if (existsSync(path.join(folder, 'manifest.md'))) return folder;
    if (path.dirname(at) === at) return null;
  }
}
