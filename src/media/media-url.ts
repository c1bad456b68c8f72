import { ProbeFailure } from './failure.ts';

/**
 * The URL as it is asked for: absolute, http or https, without its fragment.
 *
 * @throws ProbeFailure for any other, and for one that carries a name and a password: the provider has no credentials, and
 * neither has a probe.
 */
export function parseMediaUrl(text: string, base?: URL): URL {
  if (!URL.canParse(text, base?.href)) throw new ProbeFailure('badUrl', 'this is not an absolute URL');
  const url = new URL(text, base);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new ProbeFailure('badUrl', `media are fetched over http and https only, not ${url.protocol}//`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new ProbeFailure(
      'credentialsInUrl',
      'the URL carries a name or a password, which a media URL must not need',
      'publish the file, or use a presigned URL',
    );
  }
  url.hash = '';
  return url;
}
