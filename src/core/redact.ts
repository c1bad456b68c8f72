/** Replaces secrets in text that is about to be shown or stored. */
export type Redact = (text: string) => string;

const mask = '[redacted]';

/**
 * A function that removes every secret in `secrets` from a text, also in the forms that JSON, URLs, base64 and hex give it,
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
    [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
    [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0').toUpperCase()}`).join(''),
    ...longForms(bytes),
  ];
}

/** A form that is shorter could be an ordinary word. */
const shortestForm = 6;

/** Hex, and base64 of it alone and amid other bytes, which moves it by a part of a letter. */
function longForms(bytes: Buffer): readonly string[] {
  const hex = bytes.toString('hex');
  const amid = [1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    // Only the letters that nothing but the secret decides.
    return text.slice(before + 1, Math.floor(((before + bytes.length) * 8) / 6));
  });
  const base64 = [
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64').slice(0, Math.floor((bytes.length * 8) / 6)),
    ...amid,
  ];
  const urlSafe = base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'));
  return [hex, hex.toUpperCase(), ...base64, ...urlSafe].filter((form) => form.length >= shortestForm);
}

function escapeForRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
