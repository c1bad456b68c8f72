import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import type { FormatName } from '../../src/lint/formats/format.ts';
import { formats } from '../../src/lint/formats/index.ts';
import { stepSummary } from '../../src/lint/formats/step-summary.ts';
import type { LintResult } from '../../src/lint/lint.ts';
import { lint } from '../../src/lint/lint.ts';
import { ruleSection } from '../../src/lint/rules-doc.ts';
import { shotlist } from '../helpers/cli.ts';
import { fc } from '../helpers/fast-check.ts';
import { parseXml } from '../helpers/xml.ts';
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

describe('the junit format, as a strict parser reads it', () => {
  it('has a suite for each file, a failure for each error, and a case that passes for a warning', async () => {
    const cwd = await folderWith({ 'a.yaml': mixed, 'b.yaml': 'version: 1\nproject: demo\nshots: []\n' });
    const result = await lint(['a.yaml', 'b.yaml'], { cwd });
    const suites = parseXml(await write('junit', result));
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
    expect(parseXml(await write('junit', result, true)).attributes).toMatchObject({ failures: '3' });
  });

  it('survives any text', async () => {
    const failure = parseXml(await write('junit', resultWith(hostile))).children[0]?.children[0]?.children[0];
    expect(failure?.attributes['message']).toBe(hostile.replace('\u0007', '\ufffd'));
    expect(failure?.text).toContain('<&>');
  });
});

/** So many errors and warnings, each on a line of its own. */
function resultOf(errors: number, warnings: number): LintResult {
  const [one] = resultWith('a.yaml').diagnostics;
  if (one === undefined) throw new Error('there is no diagnostic');
  const all = Array.from({ length: errors + warnings }, (_, n) => ({
    ...one,
    // The warnings come first.
    severity: n < warnings ? ('warning' as const) : ('error' as const),
    message: `finding ${n}`,
    line: n + 1,
    endLine: n + 1,
  }));
  return {
    ...resultWith('a.yaml'),
    diagnostics: all,
    summary: { files: 1, shots: 0, requests: 0, errors, warnings },
  };
}

describe('no more than a service takes', () => {
  it('of annotations: ten of each type, the rest in the log and counted', async () => {
    const lines = (await write('github', resultOf(25, 12))).trimEnd().split('\n');
    expect(lines.filter((line) => line.startsWith('::error '))).toHaveLength(10);
    expect(lines.filter((line) => line.startsWith('::warning '))).toHaveLength(10);
    expect(lines[0]).toMatch(/^::error /);
    expect(lines.find((line) => line.startsWith('::notice'))).toContain('15 more errors and 2 more warnings');
    expect(lines.filter((line) => /^a\.yaml:\d+:1 /.test(line))).toHaveLength(17);
    expect((await write('github', resultOf(10, 10))).match(/^::/gm)).toHaveLength(20);
  });

  it('of SARIF results: 25,000, the errors first, the rest counted', async () => {
    const log = JSON.parse(await write('sarif', resultOf(24_999, 3))) as {
      runs: {
        results: { level: string }[];
        invocations?: { toolExecutionNotifications: { message: { text: string } }[] }[];
      }[];
    };
    const [run] = log.runs;
    expect(run?.results).toHaveLength(25_000);
    expect(run?.results.filter(({ level }) => level === 'error')).toHaveLength(24_999);
    expect(run?.invocations?.[0]?.toolExecutionNotifications[0]?.message.text).toContain('2 of 25,002');
    const whole = JSON.parse(await write('sarif', resultOf(2, 1))) as typeof log;
    expect(whole.runs[0]?.invocations).toBeUndefined();
    expect(whole.runs[0]?.results.map(({ level }) => level)).toEqual(['warning', 'error', 'error']);
  });

  it('of JUnit cases with one name: one', async () => {
    const twice = resultWith('a.yaml');
    const xml = await write('junit', { ...twice, diagnostics: [...twice.diagnostics, ...twice.diagnostics] });
    const names = [...xml.matchAll(/<testcase classname="a\.yaml" name="([^"]*)"/g)].map(([, name]) => name);
    expect(names).toEqual(['unknown-key 1:1', 'unknown-key 1:1 (2)']);
  });
});

describe('what steers a terminal', () => {
  it.each(['github', 'gitlab', 'rdjson'] as const)('is shown and not sent by %s', async (name) => {
    const cwd = fileURLToPath(new URL('../fixtures/field/escape-in-github-format', import.meta.url));
    const text = await write(name, await lint(['m.yaml'], { cwd }));
    expect(text).toContain('ra␛[31mtoi');
    expect(text).not.toContain('\u001b');
    expect(text).not.toContain('\\u001b');
  });
});

describe('the gitlab format', () => {
  it('is a Code Quality report with a fingerprint of its own for each finding', async () => {
    const issues = JSON.parse(await write('gitlab', await lintText(mixed))) as Record<string, unknown>[];
    expect(issues.map((issue) => [issue['check_name'], issue['severity'], issue['location']])).toEqual([
      ['frame-pair', 'major', { path: 'a.yaml', lines: { begin: 4, end: 4 } }],
      ['yaml-portability', 'minor', { path: 'a.yaml', lines: { begin: 4, end: 4 } }],
      ['legacy-field', 'minor', { path: 'a.yaml', lines: { begin: 4, end: 4 } }],
    ]);
    expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(3);
    for (const { description, fingerprint } of issues) {
      expect(description).toBeTruthy();
      expect(fingerprint).toMatch(/^[\da-f]{32}$/);
    }
    expect(
      JSON.parse(await write('gitlab', await lintText('version: 1\nproject: demo\nshots: []\n'))),
    ).toEqual([]);
  });
});

describe('the rdjson format', () => {
  it('counts bytes of UTF-8 in its columns, and suggests what --fix writes', async () => {
    const text = shots('  - { id: 雨, x-note: "夜", ratio: 16:9 }\n');
    const report = JSON.parse(await write('rdjson', await lintText(text))) as {
      source: { name: string; url: string };
      diagnostics: {
        code: { value: string };
        severity: string;
        location: { path: string; range: { start: object; end: object } };
        suggestions?: { range: object; text: string }[];
      }[];
    };
    expect(report.source.name).toBe('shotlist');
    const found = report.diagnostics.find(({ code }) => code.value === 'yaml-portability');
    const range = { start: { line: 4, column: 38 }, end: { line: 4, column: 42 } };
    expect(found).toMatchObject({ severity: 'WARNING', location: { path: 'a.yaml', range } });
    expect(found?.suggestions).toEqual([{ range, text: '"16:9"' }]);
  });
});

describe('the summary of a job', () => {
  it('gets the findings where the job names a file for it', async () => {
    const cwd = await folderWith({ 'a.yaml': mixed, 'summary.md': 'before\n' });
    const env = { GITHUB_STEP_SUMMARY: `${cwd}/summary.md` };
    await shotlist(['lint', '--format', 'github', 'a.yaml'], { cwd, env });
    const text = readFileSync(`${cwd}/summary.md`, 'utf8');
    expect(text).toContain('before\n### shotlist lint: 1 error, 2 warnings\n');
    expect(text).toContain('| error | `a.yaml:4:5` | **frame-pair** ');
    await shotlist(['lint', '--format', 'json', 'a.yaml'], { cwd, env });
    expect(readFileSync(`${cwd}/summary.md`, 'utf8')).toBe(text);
  });

  it('shows the worst first and counts the rest, and no text ends a cell', () => {
    const text = stepSummary(resultOf(300, 4));
    expect(text.match(/^\| error \|/gm)).toHaveLength(200);
    expect(text).toContain('And 104 more findings');
    expect(stepSummary(resultWith('a|b\n<script>'))).toContain('a\\|b &lt;script>');
    expect(stepSummary(resultOf(0, 0))).toBe('');
  });

  it('that cannot be written fails nothing', async () => {
    const cwd = await folderWith({ 'a.yaml': 'version: 1\nproject: demo\nx-a: 16:9\nshots: []\n' });
    const { code, stderr } = await shotlist(['lint', '--format', 'github', 'a.yaml'], {
      cwd,
      env: { GITHUB_STEP_SUMMARY: `${cwd}/none/summary.md` },
    });
    expect([code, stderr]).toEqual([0, 'note: the summary of the job cannot be written (ENOENT)\n']);
  });
});
