import type { Json } from '../core/canonical-json.ts';
import { takeKey } from '../core/request-key.ts';
import { fingerprint } from './fingerprint.ts';
import type { Manifest, ParameterName, Request, RequestBody, Version } from './model.ts';
import { parameterNames } from './parameters.ts';

/**
 * Every request of a manifest, in manifest order, the takes of a version one after the other. A version that lacks model,
 * prompt or duration, or an id to be known by, has none.
 */
export function expandRequests(
  manifest: Manifest,
  sentNames: SentNames = () => undefined,
): readonly Request[] {
  return manifest.versions.flatMap((version) => requestsOf(version, sentNames));
}

/** Counts the requests of a manifest without making them. */
export function countRequests({ versions }: Manifest): number {
  return versions.reduce((sum, version) => sum + (isWhole(version) ? version.takes : 0), 0);
}

/** Gives, for a model, the names under which parameters are sent, where they are not the manifest's. */
export type SentNames = (model: string) => { readonly [Name in ParameterName]?: string } | undefined;

function isWhole({ key, parameters: { model, prompt, duration } }: Version): boolean {
  return key !== '' && model !== undefined && prompt !== undefined && duration !== undefined;
}

/** The requests of one version, one for each take. */
export function requestsOf(version: Version, sentNames: SentNames): readonly Request[] {
  const { key, scene, shot, variant, mode, tags, parameters } = version;
  const { model } = parameters;
  if (model === undefined || !isWhole(version)) return [];
  const body = bodyOf(version, model.value, sentNames(model.value));
  return Array.from({ length: version.takes }, (_, index) => {
    const take = index + 1;
    let known: string | undefined;
    return {
      key: takeKey(key, take),
      scene,
      shot,
      variant,
      take,
      model: model.value,
      mode,
      tags,
      body,
      /** Worked out when it is first asked for: checking a manifest never asks. */
      get fingerprint() {
        known ??= fingerprint(body, take);
        return known;
      },
    };
  });
}

/** Builds a body of what the manifest states: the catalog's defaults are the provider's to fill in. */
function bodyOf({ parameters }: Version, model: string, sent: ReturnType<SentNames> = {}): RequestBody {
  const body: Record<string, Json> = { model };
  for (const name of parameterNames) {
    const value = parameters[name]?.value;
    if (value === undefined) continue;
    body[sent[name] ?? name] = typeof value === 'object' ? value.map((item) => item.value) : value;
  }
  for (const [name, value] of Object.entries(parameters.extra?.value ?? {})) body[name] = value;
  return body as RequestBody;
}
