import { systemCode } from '../core/errors.ts';
import type { UnreachableCode } from './facts.ts';

/**
 * A probe ended without the bytes it wanted. `unprobed` says nothing against the URL: it is a limit of ours, or a
 * server that asks for patience. The message is a sentence without a full stop and names a host at most, since URLs may
 * be signed.
 */
export class ProbeFailure extends Error {
  readonly code: UnreachableCode | 'unprobed';
  readonly help: string | null;

  constructor(
    code: UnreachableCode | 'unprobed',
    message: string,
    help: string | null = null,
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'ProbeFailure';
    this.code = code;
    this.help = help;
  }
}

/**
 * An error of the HTTP client or of the system under it, in words for people.
 *
 * @throws any other error as it is: it is a bug, and keeps its stack.
 */
export function failureOf(error: unknown, host: string): ProbeFailure {
  const known = chainOf(error);
  const failure = known.find((link): link is ProbeFailure => link instanceof ProbeFailure);
  if (failure !== undefined) return failure;
  const code = known.map(systemCode).find((found) => found !== undefined);
  if (code === undefined) throw error;
  const because = (kind: UnreachableCode, message: string, help: string): ProbeFailure =>
    new ProbeFailure(kind, message, help, error);
  if (['EAI_AGAIN', 'ENETUNREACH', 'ENETDOWN'].includes(code)) {
    return new ProbeFailure(
      'unprobed',
      `${host} cannot be looked for from here (${code})`,
      'check the network',
      error,
    );
  }
  if (['ENOTFOUND', 'EAI_NODATA', 'EAI_NONAME'].includes(code)) {
    return because('hostNotFound', `there is no host ${host}`, 'check the spelling of the host');
  }
  if (
    ['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'ETIMEDOUT'].includes(code)
  ) {
    return because(
      'timeout',
      `${host} did not answer in time`,
      'check that the host is up; the provider will not wait either',
    );
  }
  if (/CERT|SSL|TLS|SELF_SIGNED|ALTNAME|UNABLE_TO_/.test(code)) {
    return because(
      'certificate',
      `no secure connection to ${host} (${code})`,
      'its certificate has to be valid for everyone: the provider will not trust it either',
    );
  }
  if (code.startsWith('HPE_') || code.startsWith('UND_ERR_HEADERS') || code === 'UND_ERR_INVALID_ARG') {
    return because(
      'badAnswer',
      `${host} does not answer in proper HTTP (${code})`,
      'check the port and the scheme',
    );
  }
  if (known.some((link) => link instanceof Error && link.message.startsWith('Proxy response'))) {
    return new ProbeFailure(
      'unprobed',
      `the proxy does not connect to ${host}`,
      'check the proxy settings',
      error,
    );
  }
  return because(
    'connectionFailed',
    `the connection to ${host} failed (${code})`,
    'check that the host is up and reachable from the internet',
  );
}

/** A failure to reach the proxy itself, which says nothing against the media; undefined for any other error. */
export function proxyFailureOf(error: unknown): ProbeFailure | undefined {
  const codes = chainOf(error).map(systemCode);
  const code = unreachableCodes.find((candidate) => codes.includes(candidate));
  return code === undefined
    ? undefined
    : new ProbeFailure(
        'unprobed',
        `the proxy cannot be reached (${code})`,
        'check the proxy settings',
        error,
      );
}

const unreachableCodes = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
];

/** True where asking again may help: the connection was lost, as an idle one is when the server closes it. */
export function isLostConnection(error: unknown): boolean {
  return chainOf(error).some((link) =>
    ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'].includes(systemCode(link) ?? ''),
  );
}

/** An error, its causes, and the members of an aggregate (a host with several addresses fails once for each). */
function chainOf(error: unknown): readonly unknown[] {
  const found: unknown[] = [];
  const visit = (link: unknown): void => {
    if (!(link instanceof Error) || found.includes(link) || found.length > 20) return;
    found.push(link);
    visit(link.cause);
    if (link instanceof AggregateError) link.errors.forEach(visit);
  };
  visit(error);
  return found;
}
