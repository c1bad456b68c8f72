import {
  azure,
  baidu,
  cloudFront,
  dated,
  hexStamped,
  jwtIn,
  stamped,
  tencent,
  within,
} from './signature-expiry.ts';
import { any, type SigningScheme, scheme } from './signing-scheme.ts';

const hex32 = /^[0-9a-f]{32}$/i;
const hex8 = /^[0-9a-f]{8}$/i;
const unixTime = /^\d{10}$/;
const random = /^[\w+/-]{20,}={0,2}$/;
const jwt = /^eyJ[\w-]+\.[\w-]+\.[\w-]*$/;
/** `TIME-RANDOM-USER-MD5`, as Alibaba made it and many took over. */
const timedMd5 = /^\d{10}-[^-]*-[^-]*-[0-9a-f]{32}$/i;
const akamaiToken = /(?:^|~)hmac=[0-9a-f]{32,}/i;
const untilInToken = /(?:^|~)exp=(\d+)/;

/**
 * The signing schemes in use. A name that anybody could use (`expires`, `sign`, `t`) counts only beside names that nobody
 * else has, or with a value that only a signature has.
 *
 * This table decides fingerprints, and what is paid is filed under those. So what is here stays as it is: a scheme or a
 * parameter that is missing comes as another entry, of a new form, and requests that were paid under an older form are
 * recognised by that one.
 */
export const signingSchemes: readonly SigningScheme[] = [
  // Schemes whose parameters the first form of fingerprints leaves out.
  scheme(1, 'Amazon S3 and what speaks its protocol, version 4', 'x-amz-signature', {
    adds: 'x-amz-algorithm x-amz-credential x-amz-date x-amz-expires x-amz-signedheaders x-amz-security-token x-amz-content-sha256 x-amz-s3session-token',
    expires: dated('x-amz'),
    example:
      'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIA%2F20260101%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20260101T000000Z&X-Amz-Expires=3600&X-Amz-SignedHeaders=host&X-Amz-Signature=0123',
  }),
  scheme(1, 'Amazon S3 and what speaks its protocol, version 2', 'awsaccesskeyid signature', {
    adds: 'expires x-amz-security-token',
    expires: stamped('expires'),
    example: 'AWSAccessKeyId=AKIA&Expires=1767225600&Signature=abc%3D',
  }),
  scheme(1, 'Amazon CloudFront', 'key-pair-id signature', {
    adds: 'expires policy hash-algorithm',
    expires: cloudFront,
    example: 'Expires=1767225600&Signature=abc~&Key-Pair-Id=K2',
  }),
  scheme(1, 'Google Cloud Storage, version 4', 'x-goog-signature', {
    adds: 'x-goog-algorithm x-goog-credential x-goog-date x-goog-expires x-goog-signedheaders',
    expires: dated('x-goog'),
    example:
      'X-Goog-Algorithm=GOOG4-RSA-SHA256&X-Goog-Credential=a%40b&X-Goog-Date=20260101T000000Z&X-Goog-Expires=900&X-Goog-SignedHeaders=host&X-Goog-Signature=0123',
  }),
  scheme(1, 'Google Cloud Storage, version 2', 'googleaccessid signature', {
    adds: 'expires',
    expires: stamped('expires'),
    example: 'GoogleAccessId=a%40b&Expires=1767225600&Signature=abc',
  }),
  scheme(1, 'Azure shared access signature', 'sig sv', {
    adds: 'ss srt sr sp se st spr sip si skoid sktid skt ske sks skv skdutid saoid suoid scid sdd ses',
    expires: azure,
    example: 'sv=2024-11-04&st=2026-01-01T00%3A00%3A00Z&se=2026-01-02T00%3A00%3A00Z&sr=b&sp=r&sig=abc%3D',
  }),
  scheme(1, 'Alibaba Cloud OSS, version 4', 'x-oss-signature', {
    adds: 'x-oss-signature-version x-oss-credential x-oss-date x-oss-expires x-oss-security-token x-oss-additional-headers',
    expires: dated('x-oss'),
    example:
      'x-oss-signature-version=OSS4-HMAC-SHA256&x-oss-credential=LTAI&x-oss-date=20260101T000000Z&x-oss-expires=60&x-oss-signature=0123',
  }),
  scheme(1, 'Alibaba Cloud OSS, version 1', 'ossaccesskeyid signature', {
    adds: 'expires security-token',
    expires: stamped('expires'),
    example: 'OSSAccessKeyId=LTAI&Expires=1767225600&Signature=abc',
  }),
  scheme(1, 'Tencent Cloud COS', 'q-signature q-ak', {
    adds: 'q-sign-algorithm q-sign-time q-key-time q-header-list q-url-param-list x-cos-security-token',
    expires: tencent,
    example:
      'q-sign-algorithm=sha1&q-ak=AKID&q-sign-time=1767222000;1767225600&q-key-time=1767222000;1767225600&q-header-list=host&q-url-param-list=&q-signature=0123',
  }),
  scheme(1, 'Volcano Engine TOS', 'x-tos-signature', {
    adds: 'x-tos-algorithm x-tos-credential x-tos-date x-tos-expires x-tos-signedheaders x-tos-security-token',
    expires: dated('x-tos'),
    example:
      'X-Tos-Algorithm=TOS4-HMAC-SHA256&X-Tos-Credential=AK&X-Tos-Date=20260101T000000Z&X-Tos-Expires=60&X-Tos-SignedHeaders=host&X-Tos-Signature=0123',
  }),

  // Schemes whose parameters the second form leaves out as well.
  scheme(2, 'Amazon S3, as newer SDKs sign', 'x-amz-signature', {
    adds: 'x-amz-checksum-mode x-amz-user-agent x-id',
    example:
      'X-Amz-Date=20260101T000000Z&X-Amz-Expires=3600&X-Amz-Signature=0123&x-amz-checksum-mode=ENABLED&x-id=GetObject',
  }),
  scheme(2, 'Huawei Cloud OBS', 'accesskeyid signature', {
    adds: 'expires x-obs-security-token',
    expires: stamped('expires'),
    example: 'AccessKeyId=HPUA&Expires=1767225600&Signature=abc%3D',
  }),
  scheme(2, 'Baidu AI Cloud BOS', '', {
    marks: { authorization: /^bce-auth-v\d+\// },
    adds: 'x-bce-security-token x-bce-date',
    expires: baidu,
    example: 'authorization=bce-auth-v1%2FAK%2F2026-01-01T00%3A00%3A00Z%2F3600%2Fhost%2F0123abcd',
  }),
  scheme(2, 'Qiniu Kodo', '', {
    marks: { e: unixTime, token: /^[\w-]+:[\w-]{20,}={0,2}$/ },
    expires: stamped('e'),
    example: 'e=1767225600&token=MyAccessKey:kXJ0vXkJkK1hD5Hk8jGZ5o0zH3I%3D',
  }),
  scheme(2, 'Kingsoft Cloud KS3', 'kssaccesskeyid signature', {
    adds: 'expires x-kss-security-token',
    expires: stamped('expires'),
    example: 'KSSAccessKeyId=AKLT&Expires=1767225600&Signature=abc%3D',
  }),
  scheme(2, 'Kingsoft Cloud KS3, version 4', 'x-kss-signature', {
    adds: 'x-kss-algorithm x-kss-credential x-kss-date x-kss-expires x-kss-signedheaders x-kss-security-token',
    expires: dated('x-kss'),
    example:
      'X-Kss-Algorithm=KSS4-HMAC-SHA256&X-Kss-Credential=AK&X-Kss-Date=20260101T000000Z&X-Kss-Expires=60&X-Kss-SignedHeaders=host&X-Kss-Signature=0123',
  }),
  scheme(2, 'UCloud US3', 'ucloudpublickey signature', {
    adds: 'expires securitytoken',
    expires: stamped('expires'),
    example: 'UCloudPublicKey=TOKEN_1&Expires=1767225600&Signature=abc%3D',
  }),
  scheme(2, 'ByteDance (Volcano Engine, ImageX, TOS)', '', {
    marks: { 'x-expires': unixTime, 'x-signature': any },
    adds: 'x-orig-authkey x-orig-expires x-orig-sign',
    expires: stamped('x-expires'),
    example: 'x-expires=1767225600&x-signature=aBcDeF0123%3D',
  }),
  scheme(2, 'QingStor', 'access_key_id signature', {
    adds: 'expires',
    expires: stamped('expires'),
    example: 'access_key_id=QY&expires=1767225600&signature=abc%3D',
  }),
  scheme(2, 'NetEase NOS', 'nosaccesskeyid signature', {
    adds: 'expires',
    expires: stamped('expires'),
    example: 'NOSAccessKeyId=AK&Expires=1767225600&Signature=abc%3D',
  }),
  scheme(2, 'Sina', 'ssig', {
    marks: { kid: /^\w+,/i },
    adds: 'expires',
    expires: stamped('expires'),
    example: 'KID=sina,AK&Expires=1767225600&ssig=aBcDeF0123',
  }),
  scheme(2, 'Upyun', '', {
    marks: { _upt: /^[0-9a-f]{8}\d{10}$/i },
    expires: within('_upt', /(\d{10})$/),
    example: '_upt=0123abcd1767225600',
  }),
  scheme(2, 'Tencent Cloud COS, in one parameter', '', {
    marks: { sign: /^q-sign-algorithm=/ },
    example: 'sign=q-sign-algorithm%3Dsha1%26q-ak%3DAKID%26q-signature%3D0123',
  }),
  scheme(2, 'CDNs of Alibaba, Huawei, Baidu and others, type A', '', {
    marks: { auth_key: timedMd5 },
    example: 'auth_key=1767225600-0-0-0123456789abcdef0123456789abcdef',
  }),
  scheme(2, 'Tencent Cloud CDN, type A', '', {
    marks: { sign: timedMd5 },
    example: 'sign=1767225600-rand-0-0123456789abcdef0123456789abcdef',
  }),
  scheme(2, 'CDNs of Alibaba, Tencent and others, type B', '', {
    path: /\/20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d\/[0-9a-f]{32}(?=\/)/i,
    example: '/202601010000/0123456789abcdef0123456789abcdef',
  }),
  scheme(2, 'CDNs of Alibaba, Tencent and others, type C', '', {
    // The time, in hex, is one between 2014 and 2042.
    path: /\/[0-9a-f]{32}\/(?:5[4-9a-f]|[67][0-9a-f]|8[0-7])[0-9a-f]{6}(?=\/)/i,
    example: '/0123456789abcdef0123456789abcdef/6955b900',
  }),
  scheme(2, 'Alibaba Cloud CDN, type C in the query', '', {
    marks: { key1: hex32, key2: hex8 },
    example: 'KEY1=0123456789abcdef0123456789abcdef&KEY2=6955b900',
  }),
  scheme(2, 'CDNs of Tencent, Qiniu and others, type D', '', {
    marks: { sign: /^(?:[0-9a-f]{32}|[0-9a-f]{64})$/i, t: /^(?:[0-9a-f]{8}|\d{10})$/i },
    adds: 'us exper rlimit',
    example: 'sign=0123456789abcdef0123456789abcdef&t=6955b900',
  }),
  scheme(2, 'Wangsu', 'wssecret wstime', {
    adds: 'keeptime',
    example: 'wsSecret=0123456789abcdef0123456789abcdef&wsTime=6955b900',
  }),
  scheme(2, 'Supabase, Mux, and whoever signs with a JSON Web Token (`token`)', '', {
    marks: { token: jwt },
    expires: jwtIn('token'),
    example: 'token=eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE3NjcyMjU2MDB9.c2ln',
  }),
  scheme(2, 'Runway, and whoever signs with a JSON Web Token (`_jwt`)', '', {
    marks: { _jwt: jwt },
    expires: jwtIn('_jwt'),
    example: '_jwt=eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE3NjcyMjU2MDB9.c2ln',
  }),
  scheme(2, 'GitHub, and whoever signs with a JSON Web Token (`jwt`)', '', {
    marks: { jwt },
    expires: jwtIn('jwt'),
    example: 'jwt=eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE3NjcyMjU2MDB9.c2ln',
  }),
  scheme(2, 'Discord', '', {
    marks: { ex: hex8, is: hex8, hm: /^[0-9a-f]{32,64}$/i },
    expires: hexStamped('ex'),
    example: 'ex=6955b900&is=69546780&hm=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
  }),
  scheme(2, 'Firebase Storage', 'token', {
    place: /^firebasestorage\.googleapis\.com\//i,
    example: 'https://firebasestorage.googleapis.com/v0/b/bucket/o/mika.png?token=0f9a',
  }),
  scheme(2, 'GitHub, private files', 'token', {
    place: /^raw\.githubusercontent\.com\//i,
    example: 'https://raw.githubusercontent.com/studio/plates/main/mika.png?token=GHSAT0',
  }),
  scheme(2, 'Google Cloud CDN and Media CDN', 'keyname signature', {
    adds: 'expires urlprefix',
    expires: stamped('expires'),
    example: 'Expires=1767225600&KeyName=k1&Signature=abc%3D',
  }),
  scheme(2, 'Akamai and Google Media CDN (`hdnts`)', '', {
    marks: { hdnts: akamaiToken },
    expires: within('hdnts', untilInToken),
    example: 'hdnts=exp=1767225600~acl=/*~hmac=0123456789abcdef0123456789abcdef',
  }),
  scheme(2, 'Akamai (`hdnea`)', '', {
    marks: { hdnea: akamaiToken },
    expires: within('hdnea', untilInToken),
    example: 'hdnea=exp=1767225600~acl=/*~hmac=0123456789abcdef0123456789abcdef',
  }),
  scheme(2, 'Akamai (`__token__`)', '', {
    marks: { __token__: akamaiToken },
    expires: within('__token__', untilInToken),
    example: '__token__=exp=1767225600~acl=/*~hmac=0123456789abcdef0123456789abcdef',
  }),
  scheme(2, 'Uploadcare, and whoever signs as Akamai does (`token`)', '', {
    marks: { token: akamaiToken },
    expires: within('token', untilInToken),
    example: 'token=exp=1767225600~acl=/*~hmac=0123456789abcdef0123456789abcdef',
  }),
  scheme(2, 'Cloudinary, by token', '', {
    marks: { __cld_token__: akamaiToken },
    expires: within('__cld_token__', untilInToken),
    example: '__cld_token__=exp=1767225600~hmac=0123456789abcdef0123456789abcdef',
  }),
  scheme(2, 'Bunny CDN', '', {
    marks: { token: random, expires: unixTime },
    adds: 'token_path token_countries token_countries_blocked',
    expires: stamped('expires'),
    example: 'token=kXJ0vXkJkK1hD5Hk8jGZ5o0zH3IabcdefghijKLMNOP&expires=1767225600',
  }),
  scheme(2, 'Bunny CDN, in the path', '', {
    path: /\/bcdn_token=[^/]+(?=\/)/i,
    example: '/bcdn_token=kXJ0vXkJkK1h&expires=1767225600&token_path=%2F',
  }),
  scheme(2, 'KeyCDN', '', {
    marks: { token: random, expire: unixTime },
    expires: stamped('expire'),
    example: 'token=kXJ0vXkJkK1hD5Hk8jGZ5o&expire=1767225600',
  }),
  scheme(2, 'CDN77', '', {
    marks: { secure: /^[\w+/-]{20,}={0,2},\d{10}$/ },
    expires: within('secure', /,(\d{10})$/),
    example: 'secure=kXJ0vXkJkK1hD5Hk8jGZ5o==,1767225600',
  }),
  scheme(2, 'Cloudflare', '', {
    marks: { verify: /^\d{10}-[\w+/-]{20,}={0,2}$/ },
    example: 'verify=1767225600-kXJ0vXkJkK1hD5Hk8jGZ5o0zH3IabcdefghijKLMNOP%3D',
  }),
  scheme(2, 'nginx', '', {
    marks: { md5: /^[\w-]{22}$/, expires: unixTime },
    expires: stamped('expires'),
    example: 'md5=kXJ0vXkJkK1hD5Hk8jGZ5o&expires=1767225600',
  }),
  scheme(2, 'imgix, Gumlet and others', '', {
    marks: { s: hex32, expires: unixTime },
    expires: stamped('expires'),
    example: 's=0123456789abcdef0123456789abcdef&expires=1767225600',
  }),
  scheme(2, 'OpenStack Swift', 'temp_url_sig temp_url_expires', {
    adds: 'temp_url_prefix temp_url_inline',
    expires: stamped('temp_url_expires'),
    example: 'temp_url_sig=0123456789abcdef0123456789abcdef01234567&temp_url_expires=1767225600',
  }),
  scheme(2, 'Backblaze B2', '', {
    marks: { authorization: /^3_\d{14}_/ },
    example: 'Authorization=3_20260101000000_0123abcd_0123abcd_20260102000000_0026_dnld',
  }),
  scheme(2, 'Oracle Cloud', '', {
    place: /^objectstorage\.[^/]+\.oraclecloud\.com\/p\//i,
    path: /\/p\/[^/]+(?=\/)/,
    example: 'https://objectstorage.eu-frankfurt-1.oraclecloud.com/p/kXJ0vXkJkK1h/n/ns/b/bucket/o/mika.png',
  }),
  scheme(2, 'SharePoint and OneDrive', 'tempauth', { example: 'tempauth=v1.eyJzaXRlaWQi.kXJ0vXkJkK1h' }),
  scheme(2, 'Facebook and Instagram', '', {
    marks: { oh: /^[\w-]{20,}$/, oe: hex8 },
    adds: '_nc_ohc _nc_oc _nc_gid',
    expires: hexStamped('oe'),
    example: 'oh=00_AfkXJ0vXkJkK1hD5Hk8jGZ&oe=6955B900&_nc_ohc=abc',
  }),
  scheme(2, 'LinkedIn', '', {
    marks: { e: unixTime, v: /^beta$/, t: /^[\w-]{43}$/ },
    expires: stamped('e'),
    example: 'e=1767225600&v=beta&t=kXJ0vXkJkK1hD5Hk8jGZ5o0zH3IabcdefghijKLMNOP',
  }),
];
