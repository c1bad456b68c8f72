import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { shotlist, temporaryFolder } from '../helpers/cli.ts';

const fixtures = path.resolve(import.meta.dirname, '../fixtures/tables');

/** Imports a table of the fixtures in a folder of its own. */
function imported(table: string, ...flags: readonly string[]) {
  const cwd = temporaryFolder();
  cpSync(path.join(fixtures, path.dirname(table)), cwd, { recursive: true });
  return shotlist(['import', path.basename(table), ...flags], { cwd });
}

async function begun(csv: string, ...flags: readonly string[]) {
  const cwd = temporaryFolder();
  writeFileSync(path.join(cwd, 'shots.csv'), csv);
  const result = await shotlist(['import', 'shots.csv', ...flags], { cwd });
  // Notes and help are broken to the width of the terminal.
  return { ...result, said: result.stderr.replace(/\s+/g, ' ') };
}

const board = (shots: number, prompt: (index: number) => string): string =>
  `version: 1\nproject: rain\ndefaults: { model: videos, duration: 5 }\nshots:\n${Array.from({ length: shots }, (_, index) => `  - id: s${index}\n    prompt: ${prompt(index)}\n`).join('')}`;

async function into(storyboard: string, csv: string, ...flags: readonly string[]) {
  const cwd = temporaryFolder();
  writeFileSync(path.join(cwd, 'rain.yaml'), storyboard);
  writeFileSync(path.join(cwd, 'shots.csv'), csv);
  const result = await shotlist(['import', 'shots.csv', '--into', 'rain.yaml', ...flags], { cwd });
  return {
    ...result,
    said: result.stderr.replace(/\s+/g, ' '),
    after: readFileSync(path.join(cwd, 'rain.yaml'), 'utf8'),
  };
}

describe('media in a table', () => {
  it('are media where a heading means in and out frames, and takes are takes', async () => {
    const { code, stdout } = await imported('media/veo.csv');
    expect(stdout).toContain(
      'prompt: 雨夜的街道\n    first_image: https://m.example.com/a.png\n    last_image: https://m.example.com/b.png\n    takes: 2\n',
    );
    expect(stdout).toContain('referenceImages: [https://m.example.com/c.png]');
    expect(code).toBe(0);
    expect((await imported('media/url.csv')).stdout).toContain(
      'referenceImages: [https://m.example.com/a.png]',
    );
  });

  it.each([
    ['Start Frame', 'End Frame'],
    ['起始帧', '结束帧'],
    ['首帧图片', '尾帧图片'],
    ['首帧图片URL', '尾帧图片URL'],
    ['Start Keyframe', 'End Keyframe'],
    ['First Frame Image URL', 'Last Frame Image URL'],
    ['Start Image Link', 'End Image Link'],
  ])('are taken from %s and %s', async (first, last) => {
    const { code, stdout } = await begun(
      `Shot,Prompt,${first},${last},Duration\na,Rain,https://m.example.com/1.png,https://m.example.com/2.png,5\n`,
    );
    expect(stdout).toContain(
      'first_image: https://m.example.com/1.png\n    last_image: https://m.example.com/2.png\n',
    );
    expect(code).toBe(0);
  });

  it('are frame numbers where they are numbers', async () => {
    const { stdout } = await begun('Shot,Prompt,First Frame,Last Frame,FPS\na,Rain,1001,1120,24\n');
    expect(stdout).toContain('prompt: Rain\n    duration: 5\n');
  });

  it.each([
    'https://m.example.com/a.png',
    'plates/a.exr',
    's3://bucket/a.png',
    '"https://m.example.com/a.png\nhttps://m.example.com/b.png"',
  ])('under an unknown heading are asked about: %s', async (cell) => {
    const csv = `Shot,Prompt,Plate\na,Rain,\nb,Fog,${cell}\n`;
    const { code, stdout, said } = await begun(csv);
    expect(said).toContain('warning The column `Plate` (C) holds media');
    expect(said).toContain('--ignore-column "Plate"');
    expect(said).toContain('columns: { "Plate": referenceImages }');
    expect(said).toContain('shots.csv leaves a question open: nothing was written');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    const answered = await begun(csv, '--ignore-column', 'Plate');
    expect(answered.code).toBe(0);
    expect(answered.stdout).not.toMatch(/plate/i);
  });

  it('are kept where the heading itself says that they are data of the user', async () => {
    const { code, stdout } = await begun('Shot,Prompt,x-plate\na,Rain,https://m.example.com/a.png\n');
    expect(stdout).toContain('x-plate: https://m.example.com/a.png');
    expect(code).toBe(0);
  });

  it('a column that is not there cannot be left out', async () => {
    const { code, said } = await begun('Shot,Prompt\na,Rain\n', '--ignore-column', 'Promt');
    expect(said).toContain('--ignore-column: shots.csv has no column `Promt` help Did you mean `Prompt`?');
    expect(code).toBe(2);
  });
});

describe('the prompt of a table', () => {
  it.each([
    ['画面,视频提示词', '视频提示词'],
    ['Description,AI Prompt', 'AI Prompt'],
    ['Action,Motion Prompt', 'Motion Prompt'],
    ['画面描述,生图提示词,图生视频提示词', '图生视频提示词'],
    ['画面描述,生图提示词', '画面描述'],
    ['Description,Image Prompt,Negative Prompt,Prompt Version', 'Description'],
    ['内容,プロンプト', 'プロンプト'],
    ['내용,프롬프트', '프롬프트'],
  ])('is found among %s', async (headings, expected) => {
    const names = headings.split(',');
    const { code, stdout } = await begun(
      `镜号,${headings},Duration\n1,${names.map((name) => `it is ${name}`).join(',')},5\n`,
    );
    expect(stdout).toContain(`    prompt: it is ${expected}\n`);
    expect(code).toBe(0);
  });

  it.each([['Prompt,Video Prompt'], ['提示词,视频提示词'], ['Description,Action'], ['画面,内容']])(
    'is asked about where two may be it: %s',
    async (headings) => {
      const csv = `Shot,${headings},Duration\na,one,two,5\n`;
      const [first = '', second = ''] = headings.split(',');
      const { code, stdout, said } = await begun(csv);
      expect(said).toContain(`warning \`${first}\` (B) and \`${second}\` (C) may each be the prompt`);
      expect(said).toContain(`columns: { "${first}": prompt, "${second}": notes }`);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect((await begun(csv, '--ignore-column', second)).stdout).toContain('prompt: one\n');
    },
  );

  it('is no question where only one of two has words', async () => {
    expect((await begun('Shot,画面,内容\na,,walks\n')).stdout).toContain('prompt: walks\n');
  });
});

describe('an import that would replace most of a storyboard', () => {
  const names = (count: number): number[] => [...Array(count).keys()];

  it('stops where most shots would be skipped, and says why', async () => {
    const before = board(6, (index) => `Rain number ${index}`);
    const csv = `shot,prompt\n${names(6)
      .map((index) => `0${index},Rain number ${index}`)
      .join('\n')}\n`;
    const { code, said, after } = await into(before, csv, '--yes');
    expect(said).toContain('of 6 shots, the table would skip 6: nothing was written');
    expect(said).toContain(
      'None of its 6 rows has the id of a known shot: it says `00`, the storyboard `s0`',
    );
    expect(code).toBe(3);
    expect(after).toBe(before);
    const whole = await into(before, csv, '--yes', '--whole');
    expect(whole.code).toBe(0);
    expect(whole.after).toContain('skip: true');
    expect((await into(before, csv, '--yes', '--partial')).code).toBe(0);
  });

  it('stops where a row more has moved every prompt to another shot', async () => {
    const words = [
      'a red fox',
      'heavy rain on tin',
      'they dance',
      'dawn over salt flats',
      'closing door',
      'wolf',
    ];
    const before = board(6, (index) => words[index] ?? '');
    const csv = `shot,prompt\n${['new', ...words].map((word, index) => `s${index},${word}`).join('\n')}\n`;
    const { code, said, after } = await into(before, csv, '--yes');
    expect(said).toContain('of 6 shots, the table would give 6 another prompt: nothing was written');
    expect(said).toContain('seems to count its shots anew');
    expect(code).toBe(3);
    expect(after).toBe(before);
    const dry = await into(before, csv, '--dry-run');
    expect(dry.stdout).toContain('+++ b/rain.yaml');
    expect(dry.code).toBe(3);
  });

  it('goes on where every prompt is edited, and where few shots go', async () => {
    const before = board(6, (index) => `Rain number ${index} falls on the roof`);
    const rows = (all: readonly number[]): string =>
      `shot,prompt\n${all.map((index) => `s${index},"Rain number ${index} falls on the roof, film grain"`).join('\n')}\n`;
    expect((await into(before, rows(names(6)), '--yes')).code).toBe(0);
    expect((await into(before, rows([0, 1, 2]), '--yes')).code).toBe(0);
  });
});

describe('cells that are something else than they seem', () => {
  it('lose the blanks around their quotes', async () => {
    for (const table of ['quotes/pad.csv', 'quotes/lead.csv']) {
      const { code, stderr } = await imported(table, '--into', 'm.yaml', '--dry-run');
      expect({ code, stderr }).toEqual({ code: 0, stderr: 'shots: 2 unchanged\n' });
    }
    const { stdout } = await imported('quotes/lead2.csv', '--into', 'm.yaml', '--dry-run');
    expect(stdout).toContain('+      - { id: SH02, prompt: "Fog, neon" }');
    const mixed = await begun('shot,prompt\na,"Rain" she said\nb, "Fog"\n');
    expect(mixed.said).toContain('A blank stands beside the quotes of a cell in this row shots.csv, line 3');
    expect(mixed.code).toBe(1);
    expect((await begun('shot\tprompt\tnotes\na\t\t "x" \n')).stdout).toContain('- id: a\n    notes: x\n');
  });

  it('are text where a formula says so, and refused where it does not', async () => {
    const text = await imported('formulas/g.csv');
    expect(text.stdout).toContain(
      '  - id: "010"\n    shots:\n      - id: "0010"\n        prompt: Rain\n        duration: 5\n',
    );
    const { code, stdout, stderr } = await imported('formulas/f.csv');
    expect(stderr.match(/is a formula, and not what it comes to/g)).toHaveLength(2);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });

  it.each([
    '=A2',
    '=$B$3&" x"',
    '=Sheet1!A1',
    "='Shot list'!A1",
    '=SUM(A1:A3)',
    '=IF(A1>0,"a","b")',
    '=-A1',
    '="a"&B2',
    '＝A2',
  ])('are refused as the formula %s', async (cell) => {
    const { code, said } = await begun(`Shot,Prompt\na,"${cell.replaceAll('"', '""')}"\n`);
    expect(said).toContain('is a formula');
    expect(code).toBe(1);
  });

  it.each(['= a city at night', '=) she smiles', '== title ==', '=A city=', "'=A2"])(
    'are words though they begin like a formula: %s',
    async (cell) => {
      const { code, stdout } = await begun(`Shot,Prompt\na,${cell}\n`);
      expect(stdout).toContain(cell.replace(/^'/, ''));
      expect(code).toBe(0);
    },
  );

  it('are refused where lengths contradict each other, with the names of both', async () => {
    const three = await imported('lengths/conf.csv');
    expect(three.stderr).toContain('`Duration` says 9 s, and `Nb Frames` 97 frames at 24 fps, 4.04 s');
    const two = await imported('lengths/conf2.csv');
    expect(two.stderr).toContain(
      '`Frames` says 97 frames at 24 fps, 4.04 s, and `Frame Out` 1001 to 1120, 5 s',
    );
    for (const { code, stdout } of [three, two]) expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect((await imported('lengths/conf2.csv', '--ignore-column', 'Frame Out')).stdout).toContain(
      'duration: 5',
    );
    const rounded = await begun('Shot,Prompt,Duration,Frames,FPS\na,x,5,97,24\nb,y,5.0,121,24\n');
    expect(rounded.code).toBe(0);
  });

  it('are refused where ids became fractions', async () => {
    const { code, stderr } = await imported('ids/pandas.csv', '--into', 'base.yaml', '--dry-run');
    expect(stderr).toContain('a program turned the ids into numbers');
    expect(code).toBe(1);
    const one = await into(board(3, () => 'x').replace('s0', '"010"'), 'shot,prompt\n10.0,x\ns1,x\ns2,x\n');
    expect(one.said).toContain(
      'The shot `10.0` is `010` in the storyboard: a program turned the id into a number',
    );
    const ten = await into(board(3, () => 'x').replace('s0', '"10"'), 'shot,prompt\n10.0,x\ns1,x\ns2,x\n');
    expect(ten.said).toContain('The shot `10.0` is `10` in the storyboard');
  });

  it('are headings of the rows below, left out and said', async () => {
    const sections = await imported('headings/sect.csv');
    expect(sections.stdout.match(/- id: A\n/g)).toHaveLength(3);
    const banners = await imported('headings/banner.csv');
    expect(banners.stdout).toContain('- id: "2A"\n        prompt: Rain\n');
    for (const { code, stderr } of [sections, banners]) {
      expect(stderr).toContain('Rows 2, 5 have words in their first cells only: they are headings');
      expect(code).toBe(0);
    }
    expect((await begun('Shot,Prompt,Duration\na,,\nAct two begins,,\nb,Rain,5\n')).stdout).toContain(
      '  - id: a\n  - id: b\n',
    );
  });

  it('are read in a table with pipes, and in small forms', async () => {
    const pipes = await imported('forms/pipe.csv');
    expect(pipes.stdout).toContain('prompt: Rain, fog; dusk\n        duration: 5\n');
    expect((await imported('forms/dp.csv')).stdout).toContain('duration: 5\n');
    expect((await imported('forms/rt.csv')).stdout).toContain('ratio: "9:16"\n');
  });

  it('name places where 场景 does, and numbers with their counting words', async () => {
    for (const table of ['zh1', 'zh3', 'sb2']) {
      const { code, stdout } = await imported(`chinese/${table}.csv`);
      expect(stdout).toContain('x-场景: 办公室');
      expect(code).toBe(0);
    }
    expect((await imported('chinese/sb2.csv')).stdout).toContain('prompt: 男人抬头看向窗外\n');
    const numbered = await imported('chinese/zhids2.csv');
    expect(numbered.stdout).toContain(
      '  - id: "2"\n    title: 第2场\n    shots:\n      - id: "1"\n        prompt: 雪\n',
    );
    expect(numbered.stderr).toContain('`第1场` is 1');
    const episodes = await imported('chinese/zh2.csv');
    expect(episodes.stderr).toContain('columns: { "集数": scene }');
    expect(episodes.code).toBe(1);
    expect((await begun('场景,镜号,画面\n01,1,雨\n')).stdout).toContain('scenes:\n  - id: "01"\n');
  });
});
