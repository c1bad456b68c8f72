/** Replaces secrets in text that is about to be shown or stored. */
export type Redact = (text: string) => string;

const mask = '[redacted]';

/**
 * A function that removes every secret in `secrets` from a text, also in its URL-encoded and base64 forms, since
 * servers and proxies echo what they were sent. Values of fewer than 4 characters are left alone: they would blank
 * out ordinary words.
 */
export function redactor(secrets: readonly string[]): Redact {
  const forms = secrets
    .filter((secret) => secret.length >= 4)
    .flatMap((secret) => [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')]);
  const longestFirst = [...new Set(forms)].sort((a, b) => b.length - a.length);
  return (text) => longestFirst.reduce((rest, form) => rest.replaceAll(form, mask), text);
}
