import { describe, expect, it } from 'vitest';
import { redactor } from '../../src/core/redact.ts';
import { fc } from '../helpers/fast-check.ts';

const key = 'sk-4f/9a+b"c\\d=';

describe('redaction', () => {
  const redact = redactor([key]);

  it.each([
    ['as it is', `Bearer ${key}`],
    ['URL-encoded', `https://api.example.com/?key=${encodeURIComponent(key)}&x=1`],
    [
      'URL-encoded in lower case',
      encodeURIComponent(key).replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase()),
    ],
    ['in a form', new URLSearchParams({ key }).toString()],
    ['in JSON', JSON.stringify({ error: `bad key ${key}` })],
    ['in base64', Buffer.from(key).toString('base64')],
    ['in base64 for URLs', Buffer.from(key).toString('base64url')],
    ['in hex', Buffer.from(key).toString('hex')],
    ['in hex, in capitals', Buffer.from(key).toString('hex').toUpperCase()],
    ['in base64, one byte on', Buffer.from(`:${key}:`).toString('base64')],
    ['in base64, two bytes on', Buffer.from(`me${key}x`).toString('base64')],
    ['in base64 amid others', Buffer.from(`Authorization: Bearer ${key}\n`).toString('base64url')],
    ['byte for byte in a URL', [...Buffer.from(key)].map((byte) => `%${byte.toString(16)}`).join('')],
    ['many times', `${key}${key} ${key}`],
  ])('removes a secret %s', (_, text) => {
    const shown = redact(text);
    expect(shown).toContain('[redacted]');
    expect(shown).not.toMatch(/4f|NGYv|346f/i);
    expect(shown).not.toContain(Buffer.from(key).toString('base64').slice(0, 8));
  });

  it('leaves the rest of a text as it is', () => {
    expect(redact(`a ${key} b`)).toBe('a [redacted] b');
    expect(redact('nothing to hide')).toBe('nothing to hide');
  });

  it('removes the longer secret where one begins like the other', () => {
    expect(redactor(['abcd', 'abcdefgh'])('abcdefgh abcd')).toBe('[redacted] [redacted]');
  });

  it('does not look for secrets in its own mask', () => {
    expect(redactor(['secret-one', 'acte'])('secret-one')).toBe('[redacted]');
  });

  it('leaves short values alone', () => {
    expect(redactor(['', 'abc'])('abc abc')).toBe('abc abc');
  });

  it('takes any secret, and shows none', () => {
    const secrets = fc.array(
      fc.string({ unit: 'binary', minLength: 4 }).filter((secret) => !/[[\]redact]/.test(secret)),
      {
        minLength: 1,
      },
    );
    fc.assert(
      fc.property(secrets, fc.string(), (all, around) => {
        const text = all.join(around);
        const shown = redactor(all)(text);
        for (const secret of all) expect(shown).not.toContain(secret);
      }),
    );
    expect(redactor(['lone \ud800 surrogate'])('a lone \ud800 surrogate')).toBe('a [redacted]');
  });
});
