import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FormatName } from '../../src/lint/formats/format.ts';
import { formats } from '../../src/lint/formats/index.ts';
import type { LintResult } from '../../src/lint/lint.ts';
import { lint } from '../../src/lint/lint.ts';
import { ruleSection } from '../../src/lint/rules-doc.ts';
import { folderWith, lintText, shots } from './linting.ts';

const write = (name: FormatName, result: LintResult, strict = false): Promise<string> =>
  formats[name](result, { color: false, width: 80, strict });

const hostile = 'a%b,c:d\r\n::error::e <&> "f" \u0007雨';
/** A result with texts that no format may stumble over. */
function resultWith(text: string): LintResult {
  const diagnostic = {
    rule: 'unknown-key',
    severity: 'error',
    message: text,
    help: text,
    file: text,
    line: 1,
    column: 1,
    endLine: 1,
    endColumn: 2,
    key: text,
    fixable: false,
  } as const;
  return {
    diagnostics: [diagnostic],
    summary: { files: 1, shots: 0, requests: 0, errors: 1, warnings: 0 },
    manifests: [],
    sources: new Map([[text, text]]),
    fixes: new Map(),
  };
}

const mixed = shots(
  '  - { id: one, model: videos, duration: 5, prompt: Rain, ratio: 16:9, image: "https://c.example.com/a.png" }\n',
);

describe('the sarif format', () => {
  /** The published schema is of an older draft, in which `$id` was called `id`. */
  const {
    id: _,
    $schema: __,
    ...schema
  } = JSON.parse(
    readFileSync(new URL('../fixtures/sarif/sarif-2.1.0.schema.json', import.meta.url), 'utf8'),
  ) as Record<string, unknown>;
  const validate = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(schema);

  interface Log {
    runs: {
      tool: { driver: { rules: { id: string; help: { text: string; markdown: string } }[] } };
      results: {
        ruleId: string;
        ruleIndex: number;
        partialFingerprints: Record<string, string>;
        locations: { physicalLocation: { artifactLocation: { uri: string }; region: object } }[];
        fixes?: { artifactChanges: { replacements: object[] }[] }[];
      }[];
    }[];
  }

  async function logOf(result: LintResult): Promise<Log['runs'][number]> {
    const log = JSON.parse(await write('sarif', result)) as Log;
    expect(validate(log), JSON.stringify(validate.errors)).toBe(true);
    const [run] = log.runs;
    if (run === undefined) throw new Error('there is no run');
    return run;
  }

  it('is valid by the published schema, whatever was found', async () => {
    await logOf(await lintText(mixed));
    await logOf(await lintText('version: 1\nproject: demo\nshots: []\n'));
    await logOf(await lintText('a: ['));
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
        await logOf(resultWith(text));
      }),
      { numRuns: 60 },
    );
  });

  it('has the rules that findings name, with help, each finding in its place, and how to fix it', async () => {
    const run = await logOf(await lintText(mixed));
    const { rules } = run.tool.driver;
    expect(rules.map(({ id }) => id)).toEqual(['frame-pair', 'legacy-field', 'yaml-portability']);
    for (const { id, help } of rules) {
      expect(help.text).toContain(`shotlist rules ${id}`);
      expect(help.markdown).toBe(await ruleSection(id));
    }
    for (const { ruleId, ruleIndex } of run.results) expect(rules[ruleIndex]?.id).toBe(ruleId);
    const portability = run.results.find(({ ruleId }) => ruleId === 'yaml-portability');
    expect(portability?.locations[0]?.physicalLocation).toEqual({
      artifactLocation: { uri: 'a.yaml' },
      region: { startLine: 4, startColumn: 65, endLine: 4, endColumn: 69 },
    });
    expect(portability?.fixes?.[0]?.artifactChanges[0]?.replacements).toEqual([
      {
        deletedRegion: { startLine: 4, startColumn: 65, endLine: 4, endColumn: 69 },
        insertedContent: { text: '"16:9"' },
      },
    ]);
  });

  it('knows a finding again after edits elsewhere, and tells twins apart', async () => {
    const prints = async (text: string): Promise<readonly (string | undefined)[]> =>
      (await logOf(await lintText(text))).results.map(
        ({ partialFingerprints }) => partialFingerprints['shotlistFinding/v1'],
      );
    const twins = 'version: 1\nproject: demo\nx-a:\n  - 16:9\n  - 16:9\n  - 4:3\nshots: []\n';
    const before = await prints(twins);
    expect(new Set(before).size).toBe(3);
    const moved = twins.replace('x-a', '# a comment\ntitle: elsewhere\nx-b: 1\nx-a');
    expect(await prints(moved)).toEqual(before);
  });

  it('names files so that they can be looked up', async () => {
    const cwd = await folderWith({ 'act 1/é#.yaml': 'a: [' });
    const run = await logOf(await lint(['act 1/é#.yaml'], { cwd }));
    expect(run.results[0]?.locations[0]?.physicalLocation.artifactLocation.uri).toBe(
      'act%201/%C3%A9%23.yaml',
    );
  });
});

describe('the github format', () => {
  /** Reads commands as the Actions runner does. */
  function read(line: string): { command: string; properties: Record<string, string>; message: string } {
    const end = line.indexOf('::', 2);
    const [command = '', ...rest] = line.slice(2, end).split(' ');
    const plain = (text: string): string =>
      text
        .replaceAll('%3A', ':')
        .replaceAll('%2C', ',')
        .replaceAll('%0D', '\r')
        .replaceAll('%0A', '\n')
        .replaceAll('%25', '%');
    const properties = rest
      .join(' ')
      .split(',')
      .map((each) => [each.slice(0, each.indexOf('=')), plain(each.slice(each.indexOf('=') + 1))]);
    return {
      command,
      properties: Object.fromEntries(properties) as Record<string, string>,
      message: plain(line.slice(end + 2)),
    };
  }

  it('is one command a finding, placed and named', async () => {
    const lines = (await write('github', await lintText(mixed))).trimEnd().split('\n').map(read);
    expect(lines).toHaveLength(3);
    expect(lines.at(-1)).toMatchObject({
      command: 'warning',
      properties: { file: 'a.yaml', line: '4', title: 'shotlist legacy-field' },
    });
    expect(lines[1]).toEqual({
      command: 'warning',
      properties: {
        file: 'a.yaml',
        line: '4',
        endLine: '4',
        col: '65',
        endColumn: '68',
        title: 'shotlist yaml-portability',
      },
      message: 'YAML 1.1 reads `16:9` as the number 969\nWrite `"16:9"`',
    });
  });

  it('lets no text end a command or begin another', async () => {
    const text = await write('github', resultWith(hostile));
    expect(text.split('\n')).toHaveLength(2);
    const { properties, message } = read(text.trimEnd());
    expect(properties['file']).toBe(hostile);
    expect(message).toBe(`${hostile}\n${hostile}`);
  });

  it('is empty where there is nothing to say', async () => {
    expect(await write('github', await lintText('version: 1\nproject: demo\nshots: []\n'))).toBe('');
  });
});

const python = spawnSync('python3', ['-c', 'import xml.etree.ElementTree'], { stdio: 'ignore' }).status === 0;
if (!python) console.warn('left out: the JUnit format read by a parser of its own; that needs python3');

describe.skipIf(!python)('the junit format, as a parser of its own reads it', () => {
  interface Element {
    readonly tag: string;
    readonly attributes: Readonly<Record<string, string>>;
    readonly text: string | null;
    readonly children: readonly Element[];
  }
  const reader = `
import json, sys, xml.etree.ElementTree as tree
def plain(e): return {"tag": e.tag, "attributes": e.attrib, "text": e.text, "children": [plain(c) for c in e]}
print(json.dumps(plain(tree.fromstring(sys.stdin.buffer.read()))))
`;
  const parse = (xml: string): Element =>
    JSON.parse(execFileSync('python3', ['-c', reader], { input: xml }).toString()) as Element;

  it('has a suite for each file, a failure for each error, and a case that passes for a warning', async () => {
    const cwd = await folderWith({ 'a.yaml': mixed, 'b.yaml': 'version: 1\nproject: demo\nshots: []\n' });
    const result = await lint(['a.yaml', 'b.yaml'], { cwd });
    const suites = parse(await write('junit', result));
    expect(suites.attributes).toMatchObject({ tests: '4', failures: '1' });
    expect(suites.children.map(({ attributes }) => attributes)).toMatchObject([
      { name: 'a.yaml', tests: '3', failures: '1' },
      { name: 'b.yaml', tests: '1', failures: '0' },
    ]);
    expect(
      suites.children[0]?.children.map(({ attributes, children }) => [attributes['name'], children[0]?.tag]),
    ).toEqual([
      ['frame-pair 4:5', 'failure'],
      ['yaml-portability 4:65', 'system-out'],
      ['legacy-field 4:71', 'system-out'],
    ]);
    expect(parse(await write('junit', result, true)).attributes).toMatchObject({ failures: '3' });
  });

  it('survives any text', async () => {
    const failure = parse(await write('junit', resultWith(hostile))).children[0]?.children[0]?.children[0];
    expect(failure?.attributes['message']).toBe(hostile.replace('\u0007', '\ufffd'));
    expect(failure?.text).toContain('<&>');
  });
});
