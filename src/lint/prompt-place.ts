import { valueSpan } from '../manifest/locate.ts';
import type { Finding, Origin, Resolved, Source } from '../manifest/model.ts';
import { isMap, isScalar, isSeq, pairOf } from '../manifest/yaml-nodes.ts';

/**
 * Finds the place where words of a prompt are written: the prompt itself, or else the value of `vars` that brings them
 * in, so that what many prompts get from one value is one finding.
 */
export function promptPlace(
  { origin }: Resolved<string>,
  token: string,
  sources: readonly Source[],
): Pick<Finding, 'origin' | 'mark' | 'token'> {
  const at = isWrittenAt(origin, token) ? origin : (inVars(token, sources) ?? origin);
  return { origin: at, mark: 'value', token: { text: token, occurrence: 0 } };
}

function isWrittenAt(origin: Origin, token: string): boolean {
  const { source } = origin;
  if (source.root === null) return source.text.includes(token);
  const span = valueSpan(origin);
  return span !== undefined && source.text.slice(span.start, span.end).includes(token);
}

function inVars(token: string, sources: readonly Source[]): Origin | undefined {
  for (const source of sources) {
    const vars = isMap(source.root) ? pairOf(source.root, 'vars')?.value : undefined;
    if (!isMap(vars)) continue;
    for (const { key, value } of vars.items) {
      const name = isScalar(key) ? key.value : undefined;
      if (typeof name !== 'string') continue;
      const path = ['vars', name];
      if (isScalar(value) && isWrittenAt({ source, path }, token)) return { source, path };
      if (!isSeq(value)) continue;
      for (let index = 0; index < value.items.length; index += 1) {
        if (isWrittenAt({ source, path: [...path, index] }, token)) return { source, path: [...path, index] };
      }
    }
  }
  return undefined;
}
