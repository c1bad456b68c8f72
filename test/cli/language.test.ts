import { writeFileSync } from 'node:fs';
import path from 'node:path';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { sourceMessages } from '../../scripts/messages.ts';
import { fitLines } from '../../src/cli/render/fit.ts';
import { languageOf } from '../../src/language/language.ts';
import { Phrasebook } from '../../src/language/phrasebook.ts';
import { Speaker } from '../../src/language/speak.ts';
import { type CliOptions, shotlist, temporaryFolder } from '../helpers/cli.ts';

const root = path.resolve(import.meta.dirname, '../..');
const chinese = { SHOTLIST_LANG: 'zh' };
const storyboard = `version: 1
project: rain
title: 雨夜
defaults: { model: videos_stable, duration: 5 }
budget: { currency: CNY, prices: { videos_stable: 5 }, maxCost: 100 }
scenes:
  - id: sc010
    shots:
      - { id: sh0010, prompt: Nothing was sent, takes: 2 }
      - { id: sh0020-long-name, prompt: The old house is gone }
`;

function folderWith(text: string): string {
  const folder = temporaryFolder();
  writeFileSync(path.join(folder, 'rain.yaml'), text);
  return folder;
}

const call = (args: readonly string[], cwd: string, options: Partial<CliOptions> = {}) =>
  shotlist(args, { ...options, cwd, env: { ...options.env } });

describe('the language of messages', () => {
  it.each([
    [{}, 'en'],
    [{ LANG: 'zh_CN.UTF-8' }, 'zh'],
    [{ LANG: 'zh' }, 'zh'],
    [{ LANG: 'de_DE.UTF-8' }, 'en'],
    [{ LANG: 'zhx' }, 'en'],
    [{ LC_ALL: 'C.UTF-8', LANG: 'zh_CN.UTF-8' }, 'en'],
    [{ LC_ALL: '', LANG: 'zh_CN.UTF-8' }, 'zh'],
    [{ LC_ALL: 'zh_SG.UTF-8' }, 'zh'],
    [{ SHOTLIST_LANG: 'zh', LC_ALL: 'C' }, 'zh'],
    [{ SHOTLIST_LANG: 'zh-CN' }, 'zh'],
    [{ SHOTLIST_LANG: 'en', LANG: 'zh_CN.UTF-8' }, 'en'],
  ] as const)('of %j is %s', (env, language) => {
    expect(languageOf(env)).toBe(language);
  });
});

describe('the catalog of messages', async () => {
  const { chinese: texts } = await import('../../src/language/zh/index.ts');
  const phrasebook = new Phrasebook(texts.messages, texts.nouns);
  const holes = (text: string): readonly string[] =>
    [...new Set([...text.matchAll(/\{(\d+)[#=]?\}/g)].map(([, number = '']) => number))].sort();

  it('holds every message of the program', () => {
    const filled = (text: string): readonly string[] =>
      ['3', 'sc010/sh0010'].map((part) => text.replace(/\{\d+\}/g, part));
    const missing = sourceMessages(root).filter(
      ({ text }) =>
        texts.messages[text] === undefined && filled(text).every((each) => phrasebook.say(each) === null),
    );
    expect(missing.map(({ file, line, text }) => `${file}:${line} ${text}`)).toEqual([]);
  });

  it('knows a message of the program from a text that is none', () => {
    const files = new Set(sourceMessages(root).map(({ file }) => file.split('/')[1]));
    expect(files).toContain('lint');
    expect(files).toContain('project');
    expect(files).not.toContain('generated');
    expect(phrasebook.say('A message that nobody ever wrote')).toBeNull();
  });

  it('fills holes that the message has, and no others', () => {
    const wrong = Object.entries(texts.messages).filter(([english, translation]) =>
      holes(translation).some((hole) => !holes(english).includes(hole)),
    );
    expect(wrong).toEqual([]);
  });

  it('writes Chinese with the signs of Chinese', () => {
    const wrong = Object.values(texts.messages).filter((text) =>
      /\p{sc=Han}[,;:?!]/u.test(text.replace(/`[^`]*`/g, '')),
    );
    expect(wrong).toEqual([]);
  });
});

describe('in Chinese', () => {
  it('findings are said, and places, keys and code stay', async () => {
    const folder = folderWith(storyboard.replace('duration: 5', 'duration: 50'));
    const { code, stdout } = await call(['lint', 'rain.yaml'], folder, { env: chinese });
    expect(code).toBe(1);
    expect(stdout).toContain(
      '错误 duration-out-of-range  时长 50 秒不合适（相差 35 秒，太长）：`videos_stable` 可生成 4 到 15 秒',
    );
    expect(stdout).toContain('rain.yaml:4:45');
    expect(stdout).toContain('4 │ defaults: { model: videos_stable, duration: 50 }');
    expect(stdout).toContain('建议： 请写 `duration: 15` 或更短');
    expect(stdout).toContain('中有 1 个错误。`shotlist rules <规则>` 解释一条规则\n');
  });

  it('a plan is said, its columns stand under one another, and its cost is the same', async () => {
    const { stdout } = await call(['plan', 'rain.yaml'], folderWith(storyboard), { env: chinese });
    expect(stdout).toContain('提交\n');
    expect(stdout).toContain('3 个请求待提交，费用 15 CNY；0 个跳过，0 个受阻，共 3 个。\n');
    expect(stdout).toContain('预算：100 CNY 中还剩 100 CNY，这份计划之后剩 85 CNY。\n');
    const rows = stdout.split('\n').filter((line) => line.startsWith('  +  '));
    expect(rows).toHaveLength(3);
    expect(new Set(rows.map((row) => stringWidth(row.slice(0, row.indexOf('videos_stable'))))).size).toBe(1);
    expect(rows[2]).toContain('sh0020-long-name  新增  videos_stable');
  });

  it('JSON, exit codes and codes are the same', async () => {
    const folder = folderWith(storyboard.replace('duration: 5', 'duration: 50'));
    for (const args of [
      ['lint', 'rain.yaml', '--format', 'json'],
      ['lint', 'rain.yaml', '--format=sarif'],
      ['plan', 'rain.yaml', '--format', 'json'],
      ['run', 'nowhere.yaml', '--yes', '--format', 'json'],
    ]) {
      const [english, other] = [await call(args, folder), await call(args, folder, { env: chinese })];
      expect([other.code, other.stdout]).toEqual([english.code, english.stdout]);
    }
  });

  it('refusals and their help are said, and a name in them stays', async () => {
    const folder = folderWith(storyboard);
    const unknown = await call(['lnit'], folder, { env: chinese });
    expect(unknown).toMatchObject({ code: 2, stderr: "错误 没有命令 'lnit'\n  建议 是否想写 lint？\n" });
    const keyless = await call(['run', 'rain.yaml', '--yes'], folder, { env: chinese });
    expect(keyless.stderr).toContain(
      '错误 没有 API 密钥\n  建议 请在环境变量或这里的 .env 文件中设置 SHOTLIST_API_KEY',
    );
  });

  it('questions are said, and the answers are the same letters', async () => {
    const env = { ...chinese, SHOTLIST_API_KEY: 'k', SHOTLIST_BASE_URL: 'http://127.0.0.1:9' };
    const { code, stderr } = await call(['run', 'rain.yaml'], folderWith(storyboard), {
      env,
      answers: ['n'],
    });
    expect(stderr).toContain('[y/N] ');
    expect(stderr).toMatch(/提交 .*？\[y\/N\] /);
    expect(stderr).toContain('错误 未确认：没有发送任何请求');
    expect(code).toBe(3);
  });

  it('help is said, fits a narrow terminal, and keeps the names of commands and options', async () => {
    const { stdout } = await call(['status', '--help'], temporaryFolder(), { env: chinese, columns: 60 });
    expect(stdout).toContain('用法：shotlist status [options] <manifest>');
    expect(stdout).toContain('  --quiet            只说出错之处和结果\n');
    const prose = stdout.split('\n').filter((line) => !line.startsWith('  shotlist '));
    expect(Math.max(...prose.map((line) => stringWidth(line)))).toBeLessThanOrEqual(60);
    const all = await call(['--help'], temporaryFolder(), { env: chinese });
    expect(all.stdout).toContain('  ledger         ');
    expect(all.stdout).not.toMatch(/\b(?:the|and|what|which)\b/);
  });

  it('nothing of help is left in English', async () => {
    const { commandNames } = await import('../../src/cli/commands/index.ts');
    for (const name of commandNames) {
      const { stdout } = await call([name, '--help'], temporaryFolder(), { env: chinese });
      const words = stdout.replace(/`[^`]*`|<[^>]*>/g, '').replace(/^ +shotlist .*$/gm, '');
      expect(words, name).not.toMatch(/\b(?:the|and|what|which|with)\b/);
    }
  });
});

describe('what is said in another language', async () => {
  const { chinese: texts } = await import('../../src/language/zh/index.ts');
  const speaker = new Speaker(texts);

  it.each([
    ['  prompt   Nothing was sent', '  提示词   Nothing was sent'],
    ['The old house is gone', 'The old house is gone'],
    ['A cat is in the rain, and the dog was added', 'A cat is in the rain, and the dog was added'],
    ['+ notes: The ledger is closed', '+ notes: The ledger is closed'],
    ['3 │ prompt: Nothing was sent', '3 │ prompt: Nothing was sent'],
    ['shotlist run "the plan"', 'shotlist run "the plan"'],
    ["error there is no rule 'in doubt'", "错误 没有规则 'in doubt'"],
  ])('leaves what people wrote: %s', (text, said) => {
    expect(speaker.speak(text)).toBe(said);
  });

  it("leaves the provider's words behind a message", () => {
    expect(speaker.speak('sc010/sh0010: refused: The prompt was rejected by our filter')).toBe(
      'sc010/sh0010：被拒：The prompt was rejected by our filter',
    );
  });

  it('keeps colors on the words that had them', () => {
    const bold = '\u001b[1m3 requests to submit for 15 CNY\u001b[22m; 0 to skip, 0 blocked, 3 in all.';
    expect(speaker.speak(bold)).toBe(
      '\u001b[1m3 个请求待提交，费用 15 CNY\u001b[22m；0 个跳过，0 个受阻，共 3 个。',
    );
  });

  it('is broken between characters, and no sign of punctuation begins a line', () => {
    const text = '  建议 请在环境变量或这里的 .env 文件中设置密钥，或指定存放密钥的文件，然后再次运行。';
    const lines = fitLines(text, { isTTY: true, columns: 31 }).split('\n');
    expect(lines.length).toBeGreaterThan(2);
    expect(Math.max(...lines.map((line) => stringWidth(line)))).toBeLessThanOrEqual(31);
    for (const line of lines.slice(1)) expect(line).toMatch(/^ {7}[^\s，。]/);
  });
});
