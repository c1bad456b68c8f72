import type { Json, JsonObject } from '../core/canonical-json.ts';
import type { Provider } from '../provider/provider.ts';
import type { LocalFileSpec } from '../store/local-contents.ts';
import type { StoreService } from '../store/service.ts';

/**
 * A provider that gets presigned addresses in place of those in a body, made right before it is sent. Nobody else ever
 * holds them: plan, ledger and journal have the body without signatures.
 */
export function withSignedFiles(
  provider: Provider,
  files: readonly LocalFileSpec[],
  service: Pick<StoreService, 'presign'>,
): Provider {
  const names = new Map(files.map(({ url, object }) => [url, object.name]));
  const signedIn = async (value: Json): Promise<Json> => {
    if (typeof value === 'string') {
      const name = names.get(value);
      return name === undefined ? value : service.presign(name);
    }
    return Array.isArray(value) ? Promise.all((value as readonly Json[]).map(signedIn)) : value;
  };
  return {
    scope: provider.scope,
    query: (...of) => provider.query(...of),
    close: () => provider.close(),
    async create(body, options) {
      const signed: Record<string, Json> = {};
      for (const [name, value] of Object.entries(body as JsonObject)) {
        signed[name] = name === 'prompt' ? value : await signedIn(value);
      }
      return provider.create({ ...signed, model: body.model }, options);
    },
  };
}
