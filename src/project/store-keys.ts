import { SetupError } from '../core/errors.ts';
import type { StoreDefaults } from '../manifest/store-settings.ts';
import type { StoreKeys } from '../store/service.ts';
import type { Environment } from './options.ts';

const keyNames = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'] as const;

/**
 * What environment and `.env` say of a store, under the rule of the provider's key: real variables win, and an address in
 * `.env` counts only together with keys in it, so that a stranger's folder cannot redirect the keys of whoever runs it.
 */
export function storeSettingsIn(
  env: Environment,
  dotEnv: Environment,
): { readonly store: StoreDefaults; storeKeys(): StoreKeys } {
  const real = (name: string): string | undefined => env[name]?.trim() || undefined;
  const own = (name: string): string | undefined => dotEnv[name]?.trim() || undefined;
  const bringsKeys = !keyNames.some(real) && keyNames.every(own);
  const stated = (name: string): string | undefined => real(name) ?? (bringsKeys ? own(name) : undefined);
  return {
    store: {
      endpoint: stated('AWS_ENDPOINT_URL_S3'),
      region: stated('AWS_REGION') ?? real('AWS_DEFAULT_REGION'),
    },
    storeKeys() {
      const of = bringsKeys ? own : real;
      const [accessKeyId, secretAccessKey] = keyNames.map(of);
      if (accessKeyId !== undefined && secretAccessKey !== undefined) {
        return { accessKeyId, secretAccessKey, sessionToken: of('AWS_SESSION_TOKEN') };
      }
      const missing = keyNames.filter((name) => of(name) === undefined);
      const what = `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not set`;
      throw new SetupError(`there are no keys for the store: ${what}`, {
        help: 'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN for temporary ones) in the environment, or all of them in a .env file here',
      });
    },
  };
}
