import { systemCode } from '../core/errors.ts';

/** The store did not do what was asked. The message is a sentence without a full stop, and names no secret. */
export class StoreFailure extends Error {
  /** Advice on what to do about it. */
  readonly help: string;
  /** The store's own word, such as `AccessDenied`, or the system's, such as `ECONNREFUSED`. */
  readonly code: string;
  /** Asking again may help. */
  readonly isTransient: boolean;

  constructor(message: string, help: string, code: string, isTransient: boolean, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'StoreFailure';
    this.help = help;
    this.code = code;
    this.isTransient = isTransient;
  }
}

const keyCodes = new Set([
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'AccessDenied',
  'ExpiredToken',
  'InvalidToken',
  'Forbidden',
]);

/** The failure that an answer of the store tells of. */
export function failureOfAnswer(
  host: string,
  bucket: string,
  status: number,
  body: string,
  region: string | undefined,
): StoreFailure {
  const code = /<Code>([\w.-]{1,64})<\/Code>/.exec(body)?.[1] ?? (status === 403 ? 'Forbidden' : `${status}`);
  const said = (/<Message>([^<]{1,300})<\/Message>/.exec(body)?.[1] ?? '').replace(/\s+/g, ' ').trim();
  const detail = code === `${status}` ? `answers ${status}` : `answers ${status} ${code}`;
  if (code === 'NoSuchBucket' || (status === 404 && code === '404')) {
    return new StoreFailure(
      `${host} has no bucket ${bucket}`,
      'correct `s3` of the `store`, or make the bucket',
      code,
      false,
    );
  }
  if (
    status === 301 ||
    status === 307 ||
    code === 'AuthorizationHeaderMalformed' ||
    code === 'PermanentRedirect'
  ) {
    const help =
      region === undefined
        ? 'check `region` and `endpoint` of the `store`'
        : `write \`region: ${region}\` in the \`store\``;
    return new StoreFailure(`${host} says that the bucket ${bucket} is in another region`, help, code, false);
  }
  if (code === 'RequestTimeTooSkewed') {
    return new StoreFailure(
      `${host} says that this machine's clock is wrong`,
      'set it by the network: signatures are judged by the time',
      code,
      false,
    );
  }
  if (status === 403 || status === 401 || keyCodes.has(code)) {
    return new StoreFailure(
      `${host} refused the keys: it ${detail}`,
      'check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN), and that they may read and write under the prefix',
      code,
      false,
    );
  }
  const isTransient = status >= 500 || status === 429 || status === 408 || code === 'RequestTimeout';
  const words = said === '' || isTransient ? '' : ` (${said})`;
  return new StoreFailure(
    `${host} ${detail}${words}`,
    'try again; what is there is not sent again',
    code,
    isTransient,
  );
}

/** The failure that an error of the HTTP client or of the system under it tells of. @throws any other error as it is. */
export function failureOfConnection(error: unknown, host: string): StoreFailure {
  if (error instanceof StoreFailure) return error;
  const code = codeIn(error);
  if (code === undefined) throw error;
  const isName = code === 'ENOTFOUND' || code === 'EAI_AGAIN';
  return new StoreFailure(
    isName ? `there is no host ${host} to be found (${code})` : `the connection to ${host} failed (${code})`,
    'check `endpoint` of the `store`, the network and the proxy',
    code,
    code !== 'ENOTFOUND' && code !== 'ECONNREFUSED' && !/CERT|SELF_SIGNED|UNABLE_TO_/.test(code),
    error,
  );
}

function codeIn(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof AggregateError) {
    for (const each of error.errors) {
      const found = codeIn(each);
      if (found !== undefined) return found;
    }
  }
  return systemCode(error) ?? codeIn(error.cause);
}
