import { isIP } from 'node:net';
import { whyNotPublic, whyNotPublicName } from '../media/address.ts';

/** The reason why the provider cannot reach a URL's host, as what the host is; null where nothing speaks against it. */
export function whyUnreachable({ hostname }: URL): string | null {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  return isAddress(host) ? whyNotPublic(host) : whyNotPublicName(host);
}

/** The same for many URLs: most of a manifest's media are on a few hosts. */
export class HostVerdicts {
  readonly #known = new Map<string, string | null>();

  whyUnreachable(url: URL): string | null {
    const { hostname } = url;
    let why = this.#known.get(hostname);
    if (why === undefined) {
      why = whyUnreachable(url);
      this.#known.set(hostname, why);
    }
    return why;
  }
}

/** Names are told from addresses before Node.js is asked, whose answer is slow to get for the first time. */
function isAddress(host: string): boolean {
  return (host.includes(':') || /^[\d.]+$/.test(host)) && isIP(host) !== 0;
}
