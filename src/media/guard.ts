import { isIP, type LookupFunction } from 'node:net';
import { whyNotPublic, whyNotPublicName } from './address.ts';
import { ProbeFailure } from './failure.ts';

/**
 * A name lookup that answers with public addresses only. The connector uses its answer for the connection itself, so a
 * name that changes its answer between a check and the connection gains nothing. One private address among public ones
 * refuses the name: which of them is used would be chance.
 */
export function guardedLookup(lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, answer) => {
      if (error) return callback(error, []);
      const addresses = typeof answer === 'string' ? [{ address: answer, family: isIP(answer) }] : answer;
      const refusal = addresses
        .map(({ address }) => refusalOf(address, hostname))
        .find((found) => found !== null);
      const [first] = addresses;
      if (refusal !== undefined) return callback(refusal, []);
      if (first === undefined) return callback(notFound(hostname), []);
      if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

/** A failure for an address that must not be connected to; null for a public one. */
export function refusalOf(address: string, hostname: string): ProbeFailure | null {
  const why = whyNotPublic(address);
  if (why === null) return null;
  return refused(hostname === address ? `${address} is ${why}` : `${hostname} leads to ${address}, ${why}`);
}

/**
 * Refuses what can be told from the host alone, before any name is looked up: addresses written out, and names that only
 * mean something inside a network.
 *
 * @throws ProbeFailure
 */
export function refuseHost(url: URL): void {
  const hostname = withoutBrackets(url.hostname);
  if (isIP(hostname) !== 0) {
    const refusal = refusalOf(hostname, hostname);
    if (refusal !== null) throw refusal;
    return;
  }
  const why = whyNotPublicName(hostname);
  if (why !== null) throw refused(`${hostname} is ${why}`);
}

/**
 * Refuses names that lead to a private address from here. For a proxy, which resolves names and connects out of our sight.
 *
 * @throws ProbeFailure
 */
export async function refuseBehindProxy(url: URL, lookup: LookupFunction): Promise<void> {
  const hostname = withoutBrackets(url.hostname);
  if (isIP(hostname) !== 0) return;
  await new Promise<void>((resolve, reject) => {
    // A name that cannot be resolved here is the ordinary case behind a proxy.
    guardedLookup(lookup)(hostname, { all: true }, (error) =>
      error instanceof ProbeFailure ? reject(error) : resolve(),
    );
  });
}

export function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

function refused(message: string): ProbeFailure {
  return new ProbeFailure(
    'addressRefused',
    `${message}: it is not probed`,
    'the provider cannot reach it either; if it is yours to probe, allow private media',
  );
}

function notFound(hostname: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`no address for ${hostname}`), { code: 'ENOTFOUND' });
}
