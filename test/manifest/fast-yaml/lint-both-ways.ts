import { lint } from '../../../src/lint/lint.ts';
import type { YamlReader } from '../../../src/manifest/read-budget.ts';

/** Everything that a lint of one manifest tells and hands on, as text. */
export async function linted(text: string, cwd: string, yaml: YamlReader): Promise<string> {
  const stdin = async (): Promise<Uint8Array> => new TextEncoder().encode(text);
  const { diagnostics, summary, fixes, manifests } = await lint(['-'], { cwd, stdin, yaml, now: 1.8e12 });
  return JSON.stringify(
    {
      diagnostics,
      summary,
      fixes: [...fixes.values()].map(({ title, edits }) => ({ title, edits })),
      requests: manifests.flatMap(({ requests }) =>
        requests.map(({ key, fingerprint }) => [key, fingerprint]),
      ),
    },
    null,
    1,
  );
}
