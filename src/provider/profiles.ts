import { defaultBaseUrl, isLoopback } from './base-url.ts';
import type { Provider } from './provider.ts';
import type { VideosApiOptions } from './videos-api.ts';

/** The facts of a provider that the rest of the program needs. A new provider is one more profile. */
export interface ProviderProfile {
  readonly name: string;
  /** The base URL in its documents. */
  readonly defaultBaseUrl: string;
  /** Life of the URL of a finished clip, by the provider's documents, in milliseconds. */
  readonly resultUrlLifeMs: number;
  /** True where nothing is billed, and nothing has to be kept: no journal is written of it. */
  isRehearsal(baseUrl: URL): boolean;
  /**
   * Makes a client. What it needs is loaded here, so that commands that send nothing start fast.
   *
   * @throws SetupError for a base URL, proxy or key that cannot be used.
   */
  create(options: VideosApiOptions): Promise<Provider>;
}

const videosGateway: ProviderProfile = {
  name: 'videos',
  defaultBaseUrl,
  resultUrlLifeMs: 24 * 3_600_000,
  isRehearsal: isLoopback,
  create: async (options) => (await import('./videos-api.ts')).createVideosApi(options),
};

/** Every provider, the default one first. */
export const providerProfiles: readonly [ProviderProfile, ...ProviderProfile[]] = [videosGateway];

/** The profile of the provider at a base URL: the one that documents its origin, else the default one. */
export function profileAt(baseUrl: string | URL): ProviderProfile {
  // The client refuses a text that is no URL at all.
  const origin = URL.canParse(baseUrl.toString()) ? new URL(baseUrl).origin : undefined;
  const [byDefault] = providerProfiles;
  return providerProfiles.find((profile) => new URL(profile.defaultBaseUrl).origin === origin) ?? byDefault;
}

/** The profile where no base URL is stated. */
export const [defaultProfile] = providerProfiles;
