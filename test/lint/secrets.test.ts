import { describe, expect, it } from 'vitest';
import { formatNames } from '../../src/lint/formats/format.ts';
import { formats } from '../../src/lint/formats/index.ts';
import { lintText, marked } from './linting.ts';

const head = 'version: 1\nproject: demo\n';
const random = '4f9d2c7b81e6a05398';

describe('a secret', () => {
  it.each<[what: string, line: string, secret: string]>([
    ['a bearer token in a key of the user’s own', `x-auth: "Bearer ${random}"`, random],
    ['a bearer token in a comment', `# curl -H 'authorization: bearer ${random}'`, random],
    ['an API key', `title: sk-proj-${random}`, `sk-proj-${random}`],
    ['a GitHub token', `x-t: ghp_${random}${random}`, `ghp_${random}${random}`],
    ['a Google API key', `x-t: AIzaSy${random}${random}`, `AIzaSy${random}${random}`],
    [
      'a signed token',
      'x-t: eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N',
      'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N',
    ],
    ['a value under a telling key', `x-api-key: ${random}`, random],
    ['an assignment in a text', `title: "SHOTLIST_API_KEY=${random}"`, random],
    ['a password in a URL', 'x-cdn: https://me:hunter2@cdn.example.com/a.png', 'me:hunter2'],
    ['a key in a URL', `x-cdn: "https://cdn.example.com/a.png?size=1&api_key=${random}"`, random],
  ])('is found, blacked out and never repeated: %s', async (_, line, secret) => {
    const text = `${head}${line}\nshots: []\n`;
    const result = await lintText(text);
    expect(result.diagnostics.map(({ rule }) => rule)).toEqual(['secret-in-manifest']);
    const [found] = result.diagnostics;
    expect(found && marked(found, text)).toBe(secret);
    for (const name of formatNames) {
      const shown = await formats[name](result, { color: false, width: 200, strict: false });
      expect(shown, name).not.toContain(secret);
    }
  });

  it('is not repeated by what another rule says of it', async () => {
    const key = `sk-${random}`;
    const text = `${head}shots:\n  - { id: one, model: videos, duration: 5, prompt: Rain, ratio: ${key} }\n`;
    const result = await lintText(text);
    expect(result.diagnostics.map(({ rule }) => rule)).toEqual(['ratio-not-offered', 'secret-in-manifest']);
    expect(JSON.stringify(result.diagnostics)).not.toContain(key);
  });

  it('is found where nothing else can be read, and in prompt files', async () => {
    const broken = await lintText(`a: [\n# sk-proj-${random}\n`);
    expect(broken.diagnostics.map(({ rule }) => rule)).toContain('secret-in-manifest');
    const text = `${head}shots:\n  - { id: one, model: videos, duration: 5, promptFile: one.md }\n`;
    const inPrompt = await lintText(text, { 'one.md': `Rain\nsk-proj-${random}\n` });
    expect(inPrompt.diagnostics).toMatchObject([{ rule: 'secret-in-manifest', file: 'one.md', line: 2 }]);
  });

  it('of several lines is blacked out line by line, so that every other place stays', async () => {
    const key = `-----BEGIN PRIVATE KEY-----\n  ${random}\n  -----END PRIVATE KEY-----`;
    const text = `${head}x-key: |\n  ${key}\nshots:\n  - { id: one, ratio: "5:4", model: videos, duration: 5, prompt: Rain }\n`;
    const result = await lintText(text);
    expect(result.diagnostics.map(({ rule, line }) => [rule, line])).toEqual([
      ['secret-in-manifest', 4],
      ['ratio-not-offered', 8],
    ]);
    const shown = result.sources.get('a.yaml') ?? '';
    expect(shown).not.toContain(random);
    expect(shown.split('\n').map(({ length }) => length)).toEqual(
      text.split('\n').map(({ length }) => length),
    );
  });

  it.each([
    'title: a desk-lamp-beside-a-window-at-night-2026',
    'title: "the secret: a keyframe-of-the-password-prompt"',
    'x-url: "https://s3.example.com/a.png?X-Amz-Credential=AKIAIOSFODNN7EXAMPLE&X-Amz-Security-Token=4f9d2c7b81e6a05398&X-Amz-Signature=4f9d2c7b81e6a05398"',
    'x-url: "https://x.supabase.co/a.png?token=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N"',
    'x-url: https://cdn.example.com/@mika/a.png',
    'x-token: "${vars.token_of_2026}"',
    'title: bearer of the torch',
    'x-mail: mika@example.com',
  ])('is not seen where there is none: %s', async (line) => {
    expect((await lintText(`${head}${line}\nshots: []\n`)).diagnostics).toEqual([]);
  });
});
