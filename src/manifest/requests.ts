import type { Json } from '../core/canonical-json.ts';
import { takeKey } from '../core/request-key.ts';
import { storeFolderOf } from './content-address.ts';
import { fingerprint } from './fingerprint.ts';
import type {
  LocalFile,
  Manifest,
  MediaItem,
  ParameterName,
  Request,
  RequestBody,
  RequestFile,
  Version,
} from './model.ts';
import { parameterNames } from './parameters.ts';

/**
 * Every request of a manifest, in manifest order, the takes of a version one after the other. A version that lacks model,
 * prompt or duration, or an id to be known by, has none.
 */
export function expandRequests(
  manifest: Manifest,
  sentNames: SentNames = () => undefined,
  sentFile: SentFile = () => undefined,
): readonly Request[] {
  return manifest.versions.flatMap((version) => requestsOf(version, sentNames, sentFile));
}

/** Counts the requests of a manifest without making them. */
export function countRequests({ versions }: Manifest): number {
  return versions.reduce((sum, version) => sum + (isWhole(version) ? version.takes : 0), 0);
}

/** Gives, for a model, the names under which parameters are sent, where they are not the manifest's. */
export type SentNames = (model: string) => { readonly [Name in ParameterName]?: string } | undefined;

/** Gives what is sent for a local file; undefined where its content is not known: then its path stands in. */
export type SentFile = (file: LocalFile) => RequestFile | undefined;

function isWhole({ key, parameters: { model, prompt, duration } }: Version): boolean {
  return key !== '' && model !== undefined && prompt !== undefined && duration !== undefined;
}

/** The requests of one version, one for each take. */
export function requestsOf(
  version: Version,
  sentNames: SentNames,
  sentFile: SentFile = () => undefined,
): readonly Request[] {
  const { key, scene, shot, variant, mode, tags, parameters } = version;
  const { model } = parameters;
  if (model === undefined || !isWhole(version)) return [];
  const files = new Map<string, RequestFile>();
  const sent = ({ value, file }: Pick<MediaItem, 'value' | 'file'>): string => {
    const known = file === undefined ? undefined : sentFile(file);
    if (known === undefined) return value;
    files.set(known.absolutePath, known);
    return known.url;
  };
  const body = bodyOf(version, model.value, sentNames(model.value), sent);
  const [first] = files.values();
  const folder = first === undefined ? null : storeFolderOf(first.url);
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
        known ??= fingerprint(body, take, folder);
        return known;
      },
      ...(files.size === 0 ? {} : { files: [...files.values()] }),
    };
  });
}

/** Builds a body of what the manifest states: the catalog's defaults are the provider's to fill in. */
function bodyOf(
  { parameters }: Version,
  model: string,
  names: ReturnType<SentNames> = {},
  sent: (medium: Pick<MediaItem, 'value' | 'file'>) => string,
): RequestBody {
  const body: Record<string, Json> = { model };
  for (const name of parameterNames) {
    const parameter = parameters[name];
    if (parameter === undefined) continue;
    const { value } = parameter;
    const isFrame = name === 'first_image' || name === 'last_image';
    body[names[name] ?? name] =
      typeof value === 'object' ? value.map(sent) : isFrame ? sent(parameters[name] ?? { value: '' }) : value;
  }
  for (const [name, value] of Object.entries(parameters.extra?.value ?? {})) body[name] = value;
  return body as RequestBody;
}
