/** One way of signing a URL for a while: it is there when all its `marks` are, and then adds its `parameters`. */
interface SigningScheme {
  readonly marks: readonly string[];
  readonly parameters: ReadonlySet<string>;
}

function scheme(marks: string, parameters: string): SigningScheme {
  return { marks: marks.split(' '), parameters: new Set([...marks.split(' '), ...parameters.split(' ')]) };
}

/**
 * The parameters of the signing schemes in use, in lower case. A name that anybody could use (`expires`, `signature`,
 * `se`) counts only beside names that nobody else has. This list decides fingerprints: to change what it removes from a
 * URL is to pay for shots twice.
 */
const schemes: readonly SigningScheme[] = [
  // Amazon S3 and everything that speaks its protocol, signature versions 4 and 2.
  scheme(
    'x-amz-signature',
    'x-amz-algorithm x-amz-credential x-amz-date x-amz-expires x-amz-signedheaders x-amz-security-token x-amz-content-sha256 x-amz-s3session-token',
  ),
  scheme('awsaccesskeyid signature', 'expires x-amz-security-token'),
  // Amazon CloudFront, with a canned or a custom policy.
  scheme('key-pair-id signature', 'expires policy hash-algorithm'),
  // Google Cloud Storage, versions 4 and 2.
  scheme(
    'x-goog-signature',
    'x-goog-algorithm x-goog-credential x-goog-date x-goog-expires x-goog-signedheaders',
  ),
  scheme('googleaccessid signature', 'expires'),
  // Azure shared access signatures, of a service, an account or a user delegation.
  scheme(
    'sig sv',
    'ss srt sr sp se st spr sip si skoid sktid skt ske sks skv skdutid saoid suoid scid sdd ses',
  ),
  // Alibaba Cloud OSS, versions 4 and 1.
  scheme(
    'x-oss-signature',
    'x-oss-signature-version x-oss-credential x-oss-date x-oss-expires x-oss-security-token x-oss-additional-headers',
  ),
  scheme('ossaccesskeyid signature', 'expires security-token'),
  // Tencent Cloud COS.
  scheme(
    'q-signature q-ak',
    'q-sign-algorithm q-sign-time q-key-time q-header-list q-url-param-list x-cos-security-token',
  ),
  // Volcano Engine TOS.
  scheme(
    'x-tos-signature',
    'x-tos-algorithm x-tos-credential x-tos-date x-tos-expires x-tos-signedheaders x-tos-security-token',
  ),
];

/**
 * An absolute http(s) URL without what signing it added; any other text as it is. What stays is left byte for byte.
 */
export function withoutSignature(text: string): string {
  if (!/^https?:\/\//i.test(text)) return text;
  const hash = text.indexOf('#');
  const end = hash === -1 ? text.length : hash;
  const question = text.indexOf('?');
  if (question === -1 || question > end) return text;
  const parts = text.slice(question + 1, end).split('&');
  const names = parts.map((part) => (part.split('=', 1)[0] ?? '').toLowerCase());
  const present = schemes.filter(({ marks }) => marks.every((mark) => names.includes(mark)));
  if (present.length === 0) return text;
  const kept = parts.filter(
    (_, index) => !present.some(({ parameters }) => parameters.has(names[index] ?? '')),
  );
  const query = kept.length === 0 ? '' : `?${kept.join('&')}`;
  return text.slice(0, question) + query + text.slice(end);
}
