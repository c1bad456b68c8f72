/** Replaces secrets in text that is about to be shown or stored. */
export type Redact = (text: string) => string;

const mask = '[redacted]';

/**
 * A function that removes every secret in `secrets` from a text, also in the forms that JSON, URLs and base64 give it,
 * since servers and proxies echo what they were sent. Values of fewer than 4 characters are left alone: they would
 * blank out ordinary words.
 */
export function redactor(secrets: readonly string[]): Redact {
  const forms = new Set(secrets.filter((secret) => secret.length >= 4).flatMap(formsOf));
  if (forms.size === 0) return (text) => text;
  // One pass, so that no secret is looked for in the mask of another; the longest first, so that none is cut short.
  const longestFirst = [...forms].sort((a, b) => b.length - a.length).map(escapeForRegExp);
  const pattern = new RegExp(longestFirst.join('|'), 'g');
  return (text) => text.replace(pattern, mask);
}

function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  const inUrl = encodeURIComponent(bytes.toString());
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    inUrl,
    inUrl.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase()),
    new URLSearchParams({ '': secret }).toString().slice(1),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
  ];
}

function escapeForRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
