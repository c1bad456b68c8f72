import { describe, expect, it } from 'vitest';
import { requestStates } from '../../src/ledger/ledger.ts';
import { reportFormatOf } from '../../src/report/formats/index.ts';
import { junitReport } from '../../src/report/formats/junit.ts';
import type { ReportRow } from '../../src/report/model.ts';
import { fc } from '../helpers/fast-check.ts';
import { parseXml, type XmlElement } from '../helpers/xml.ts';
import { reportOf, rowOf } from './fixtures.ts';

const junitOf = (...rows: readonly ReportRow[]): string => junitReport({ ...reportOf(), rows });
const file = 'renders/sc010_sh0010_v001.mp4';
const casesOf = (root: XmlElement): readonly XmlElement[] =>
  root.children.flatMap(({ children }) => children);

describe('the JUnit report', () => {
  it('is what --report FILE.xml asks for', async () => {
    const format = reportFormatOf('out.xml');
    expect(format.name).toBe('junit');
    expect(await format.write(reportOf())).toBe(junitReport(reportOf()));
  });

  it('has a suite for each scene and a case for each request, in the order of the report', () => {
    const rows = [
      rowOf({ scene: 'sc020', key: 'sc020/a' }),
      rowOf({ scene: null, key: 'b' }),
      rowOf({ scene: 'sc010', key: 'sc010/c' }),
      rowOf({ scene: 'sc020', key: 'sc020/a@2', take: 2 }),
    ];
    const root = parseXml(junitOf(...rows));
    expect(root.tag).toBe('testsuites');
    expect(root.attributes).toMatchObject({
      name: 'alley',
      tests: '4',
      timestamp: '2026-01-02T12:00:00.000Z',
    });
    expect(
      root.children.map((suite) => [
        suite.attributes['name'],
        suite.children.map((c) => c.attributes['name']),
      ]),
    ).toEqual([
      ['sc020', ['sc020/a', 'sc020/a@2']],
      ['(no scene)', ['b']],
      ['sc010', ['sc010/c']],
    ]);
    expect(casesOf(root)[0]?.attributes['classname']).toBe('alley.sc020');
  });

  it.each([
    ['completed', undefined],
    ['refused', 'failure'],
    ['failed', 'failure'],
    ['inDoubt', 'error'],
    ['pending', 'skipped'],
    ['sending', 'skipped'],
    ['queued', 'skipped'],
    ['processing', 'skipped'],
    ['abandoned', 'skipped'],
  ] as const)('a request that is %s has the verdict %s', (status, verdict) => {
    const [testCase] = casesOf(parseXml(junitOf(rowOf({ status, file, error: null, errorCode: null }))));
    expect(testCase?.children.map(({ tag }) => tag)).toEqual([
      ...(verdict === undefined ? [] : [verdict]),
      'system-out',
    ]);
  });

  it.each([
    ['was not saved', { errorCode: null, error: null }, 'error', 'clipNotSaved'],
    ['was given up', { errorCode: 'clipGivenUp', error: 'a person gave it up' }, 'skipped', undefined],
  ] as const)('a completed request whose clip %s has not passed', (_name, more, tag, type) => {
    const [testCase] = casesOf(parseXml(junitOf(rowOf({ status: 'completed', file: null, ...more }))));
    expect(testCase?.children[0]).toMatchObject({ tag, attributes: type === undefined ? {} : { type } });
  });

  it('a request that could not be sent is an error, with the reason', () => {
    const row = rowOf({ status: 'pending', errorCode: 'ECONNREFUSED', error: 'connection refused' });
    expect(casesOf(parseXml(junitOf(row)))[0]?.children[0]).toMatchObject({
      tag: 'error',
      attributes: { type: 'ECONNREFUSED', message: expect.stringContaining('connection refused') },
    });
  });

  it('keeps replaced requests apart, and fails a build only for one that may have been paid', () => {
    const old = { superseded: true, key: 'sc010/sh0010', error: 'no' };
    const root = parseXml(
      junitOf(
        rowOf({ status: 'completed', file }),
        rowOf({ ...old, status: 'failed', fingerprint: 'sha256:1' }),
        rowOf({ ...old, status: 'inDoubt', fingerprint: 'sha256:2' }),
      ),
    );
    expect(root.children.map(({ attributes }) => attributes['name'])).toEqual(['sc010', '(superseded)']);
    expect(casesOf(root).map(({ children }) => children[0]?.tag)).toEqual(['system-out', 'skipped', 'error']);
    const names = casesOf(root).map(({ attributes }) => attributes['name']);
    expect(new Set(names).size).toBe(3);
  });

  it('counts what its cases say, in each suite and in all', () => {
    const rows = requestStates.flatMap((status) =>
      ['sc010', 'sc020'].map((scene) => rowOf({ status, scene, key: `${scene}/${status}` })),
    );
    const root = parseXml(junitOf(...rows));
    const expected = (cases: readonly XmlElement[]): Record<string, string> => {
      const count = (tag: string): string =>
        String(cases.filter(({ children }) => children[0]?.tag === tag).length);
      return {
        tests: String(cases.length),
        failures: count('failure'),
        errors: count('error'),
        skipped: count('skipped'),
      };
    };
    expect(root.attributes).toMatchObject(expected(casesOf(root)));
    expect(Number(root.attributes['failures'])).toBe(4);
    for (const suite of root.children) expect(suite.attributes).toMatchObject(expected(suite.children));
  });

  it('takes as its time what passed between submission and end, and says none where one is missing', () => {
    const submittedAt = '2026-01-02T10:00:00.000Z';
    const root = parseXml(
      junitOf(
        rowOf({ status: 'completed', submittedAt, completedAt: '2026-01-02T10:03:20.500Z' }),
        rowOf({ status: 'queued', submittedAt, completedAt: null }),
      ),
    );
    expect(casesOf(root).map(({ attributes }) => attributes['time'])).toEqual(['200.500', undefined]);
  });

  it('tells task id, model, cost and prompt in the output of a case', () => {
    const row = rowOf({ status: 'completed', taskId: 'video_7', prompt: '雨夜\n<b>"第二行"</b>' });
    const output = casesOf(parseXml(junitOf(row)))[0]?.children.at(-1)?.text;
    expect(output).toBe(
      'status: completed\ntaskId: video_7\nmodel: fast\nmode: text\ncost: 4 CNY\nprompt: 雨夜\n<b>"第二行"</b>',
    );
  });

  it('is well-formed whatever people and providers write, and reads back as written', () => {
    const nasty = fc.string({ unit: 'binary', maxLength: 40 });
    const spiteful = fc.constantFrom(
      '</system-out>',
      ']]>',
      '\0',
      '\u001b[31m',
      '\ufffe',
      '\r\n\t',
      '&amp;',
      '"',
    );
    const text = fc.array(fc.oneof(nasty, spiteful), { maxLength: 4 }).map((parts) => parts.join(''));
    const samples = fc.sample(fc.tuple(text, text, text), 300);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what XML cannot write
    const readable = (s: string): string => s.replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '\ufffd');
    for (const [prompt, error, taskId] of samples) {
      const root = parseXml(junitOf(rowOf({ status: 'failed', prompt, error, taskId, errorCode: error })));
      const [failure, output] = casesOf(root)[0]?.children ?? [];
      expect(failure?.attributes).toEqual({
        type: readable(error),
        message: readable(`the task failed: ${error}`),
      });
      expect(output?.text).toContain(readable(`taskId: ${taskId}\n`));
      expect(output?.text.endsWith(readable(`prompt: ${prompt}`))).toBe(true);
    }
  });

  it('stands half a surrogate pair in for, which no XML can carry', () => {
    const [testCase] = casesOf(parseXml(junitOf(rowOf({ prompt: 'a\ud83cb' }))));
    expect(testCase?.children.at(-1)?.text).toContain('prompt: a\ufffdb');
  });

  it('of a manifest without requests is a document all the same', () => {
    expect(parseXml(junitOf())).toMatchObject({
      tag: 'testsuites',
      children: [],
      attributes: { tests: '0' },
    });
  });
});
