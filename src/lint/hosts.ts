import { isIP } from 'node:net';
import { whyNotPublic, whyNotPublicName } from '../media/address.ts';

/** Why the provider cannot reach the host of a URL: what the host is; null where nothing speaks against it. */
export function whyUnreachable({ hostname }: URL): string | null {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(host) === 0 ? whyNotPublicName(host) : whyNotPublic(host);
}
