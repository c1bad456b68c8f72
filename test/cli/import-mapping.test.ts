import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { shotlist, temporaryFolder } from '../helpers/cli.ts';

/** Imports a table with a mapping. */
async function mapped(mapping: string, csv: string, ...flags: readonly string[]) {
  const cwd = temporaryFolder();
  writeFileSync(path.join(cwd, 'map.yaml'), mapping);
  writeFileSync(path.join(cwd, 'shots.csv'), csv);
  const result = await shotlist(['import', 'shots.csv', '--map', 'map.yaml', ...flags], { cwd });
  return { ...result, cwd, said: result.stderr.replace(/\s+/g, ' ') };
}

describe('a value of several columns', () => {
  const csv = `镜号,景别,运镜,画面,时长
1,特写,推,她停下。,5
2,,摇,雨夜的街道,5
3,全景,,列车驶过,5
4,,,空镜,5
5,特写,固定,,5
`;

  it('is built, and empty parts drop with their separators', async () => {
    const { code, stdout } = await mapped('values:\n  prompt: "{景别}，{运镜}。{画面}"\n', csv);
    expect([...stdout.matchAll(/prompt: (.*)/g)].map(([, prompt]) => prompt)).toEqual([
      '特写，推。她停下。',
      '摇。雨夜的街道',
      '全景。列车驶过',
      '空镜',
      '特写，固定',
    ]);
    expect(stdout).not.toContain('x-景别');
    expect(code).toBe(0);
  });

  it('drops labels with their parts, and keeps what stands before all of them', async () => {
    const mapping = 'values: { prompt: "cinematic, {Size}, {Action}. Camera: {Move}." }\n';
    const table = 'Shot,Size,Action,Move,Duration\na,wide,Rain falls,pan left,5\nb,,Fog,,5\nc,,,,5\n';
    const { stdout } = await mapped(mapping, table);
    expect(stdout).toContain('prompt: "cinematic, wide, Rain falls. Camera: pan left."');
    expect(stdout).toContain('prompt: cinematic, Fog.\n');
    expect(stdout).toContain('  - id: c\n    duration: 5\n');
  });

  it('is translated word by word, and what has no translation stays', async () => {
    const mapping =
      'values:\n  model: { fast: videos_stable_fast, Good: videos }\n  ratio: { from: "{横竖屏}", translate: { 横屏: "16:9", 竖屏: "9:16" } }\n  duration: { short: 5 }\n';
    const table = 'Shot,Prompt,Model,横竖屏,Duration\na,x,FAST,竖屏,short\nb,y,good,横屏,6\n';
    const { code, stdout } = await mapped(mapping, table);
    expect(stdout).toContain(
      '  - id: a\n    model: videos_stable_fast\n    prompt: x\n    duration: 5\n    ratio: "9:16"\n  - id: b\n    model: videos\n    prompt: "y"\n    duration: 6\n    ratio: "16:9"\n',
    );
    expect(code).toBe(0);
  });

  it('is taken apart, and refused where it does not look like that', async () => {
    const mapping = 'split:\n  Code: "{scene}_{shot}"\n  Camera: "{x-lens} / {x-move}"\n';
    const { code, stdout } = await mapped(mapping, 'Code,Prompt,Camera\nSQ010_SH0020,Rain,35mm / pan left\n');
    expect(stdout).toContain(
      '- id: SQ010\n    shots:\n      - id: SH0020\n        prompt: Rain\n        x-lens: "35mm"\n        x-move: pan left\n',
    );
    expect(code).toBe(0);
    const wrong = await mapped(mapping, 'Code,Prompt,Camera\nSQ010,Rain,\n');
    expect(wrong.said).toContain('`SQ010` does not look like `{scene}_{shot}`');
    expect(wrong.said).toContain('shots.csv, line 2, column Code');
    expect(wrong.code).toBe(1);
  });

  it('has constants that every shot says, and defaults that are written once', async () => {
    const mapping = 'constants: { tags: [night] }\ndefaults: { model: videos, duration: 8 }\n';
    const { code, stdout, cwd } = await mapped(mapping, 'Shot,Prompt,Duration\na,Rain,\nb,Fog,6\n');
    expect(stdout).toContain('defaults:\n  model: videos\n  duration: 8\n');
    expect(stdout).toContain('  - id: a\n    prompt: Rain\n    tags: [night]\n');
    expect(code).toBe(0);
    const hand = stdout.replace('prompt: Rain\n', 'prompt: Rain\n    duration: 12\n');
    writeFileSync(path.join(cwd, 'film.yaml'), hand);
    const again = await shotlist(['import', 'shots.csv', '--map', 'map.yaml', '--into', 'film.yaml'], {
      cwd,
    });
    expect(again.stderr).toContain('shots: 2 unchanged');
  });

  it.each([
    ['values: { prompt: "no column" }', 'This names no column'],
    ['values: { prompt: "{Nowhere}" }', 'has no column `Nowhere`'],
    ['values: { prompt: [a] }', 'A value is built from columns'],
    ['values: { prmpt: "{Shot}" }', 'Did you mean `prompt`?'],
    ['split: { Shot: "{secne}" }', 'Did you mean `scene`?'],
    ['number: sh10', 'This says no numbering'],
    ['sheet: 3', '`sheet` is the name of a sheet'],
  ])('is checked: %s', async (mapping, message) => {
    const { code, said } = await mapped(mapping, 'Shot,Prompt\na,x\n');
    expect(said).toContain(message);
    expect(code).toBe(2);
  });
});

describe('import --guess', () => {
  it('writes the mapping by which the table is read anyway', async () => {
    const cwd = temporaryFolder();
    const csv = '镜号,场景,景别,画面内容,时长,参考图\n1,办公室,特写,"雨, 夜",5,https://m.example.com/a.png\n';
    writeFileSync(path.join(cwd, 'shots.csv'), csv);
    const guess = await shotlist(['import', 'shots.csv', '--guess'], { cwd });
    expect(guess.code).toBe(0);
    expect(guess.stdout).toContain('  "画面内容": prompt  # 雨, 夜\n');
    expect(guess.stdout).toContain('  "场景": x-场景  # 办公室\n');
    writeFileSync(path.join(cwd, 'map.yaml'), guess.stdout);
    const plain = await shotlist(['import', 'shots.csv', '--quiet'], { cwd });
    const withMap = await shotlist(['import', 'shots.csv', '--map', 'map.yaml', '--quiet'], { cwd });
    expect(withMap).toEqual(plain);
  });

  it('marks what would be asked about, and touches no file', async () => {
    const cwd = temporaryFolder();
    writeFileSync(
      path.join(cwd, 'shots.csv'),
      'Shot,Description,Action,Plate\na,one,two,https://m.example.com/a.png\n',
    );
    const { code, stdout } = await shotlist(['import', 'shots.csv', '--guess'], { cwd });
    expect(stdout).toContain('"Description": prompt  # ANSWER: prompt, notes or ignore; for example one\n');
    expect(stdout).toContain('"Plate": x-plate  # ANSWER: first_image');
    expect(code).toBe(0);
    const wrong = await shotlist(['import', 'shots.csv', '--guess', '--into', 'film.yaml'], { cwd });
    expect(wrong.code).toBe(2);
  });
});

describe('a table without ids', () => {
  const first = 'Prompt,Duration\nRain on the platform,5\nShe looks up,5\nA hand on the rail,6\n';

  async function numbered(...tables: readonly string[]) {
    const cwd = temporaryFolder();
    const said: string[] = [];
    for (const csv of tables) {
      writeFileSync(path.join(cwd, 'shots.csv'), csv);
      const { code, stderr } = await shotlist(
        ['import', 'shots.csv', '--number', 'sh{0010}', '--into', 'film.yaml', '--yes', '--whole'],
        { cwd },
      );
      expect({ code, stderr }).toMatchObject({ code: 0 });
      said.push(stderr);
    }
    const film = readFileSync(path.join(cwd, 'film.yaml'), 'utf8');
    const shots = [...film.matchAll(/- id: (\S+)\n(?: +skip: (true)[^\n]*\n)? +prompt: (.*)/g)];
    return {
      said: said.at(-1) ?? '',
      shots: shots.map(([, id, skip, prompt]) => `${id}${skip === undefined ? '' : ' skipped'}: ${prompt}`),
    };
  }

  it('is numbered, and the numbers stay when it is imported again', async () => {
    const { said, shots } = await numbered(first, first);
    expect(shots).toEqual([
      'sh0010: Rain on the platform',
      'sh0020: She looks up',
      'sh0030: A hand on the rail',
    ]);
    expect(said).toContain('shots: 3 unchanged');
  });

  it('keeps the numbers of rows that were edited, moved or left, and gives new ones between them', async () => {
    const edited = first.replace('She looks up', 'She looks up at the train');
    expect((await numbered(first, edited)).shots[1]).toBe('sh0020: She looks up at the train');
    const inserted = first.replace('She looks', 'A dog barks,5\nShe looks');
    expect((await numbered(first, inserted)).shots).toEqual([
      'sh0010: Rain on the platform',
      'sh0015: A dog barks',
      'sh0020: She looks up',
      'sh0030: A hand on the rail',
    ]);
    const [head = '', ...rows] = first.trim().split('\n');
    const moved = `${[head, rows[2], rows[0], rows[1]].join('\n')}\n`;
    expect((await numbered(first, moved)).said).toContain('shots: 3 unchanged');
    const left = `${[head, rows[0], rows[2]].join('\n')}\n`;
    expect((await numbered(first, left)).shots[1]).toBe('sh0020 skipped: She looks up');
    // A number that was given is never given again.
    expect((await numbered(first, left, `${left}New at the end,5\n`)).shots.at(-1)).toBe(
      'sh0040: New at the end',
    );
    expect((await numbered(first, left, first)).said).toContain('1 back');
  });

  it('is numbered anew in each scene, and by a mapping too', async () => {
    const csv = 'Scene,Prompt\n1,Rain\n1,Fog\n2,Snow\n';
    const { stdout } = await mapped('number: "{001}"\n', csv);
    expect(stdout.match(/- id: "00\d"/g)).toEqual(['- id: "001"', '- id: "002"', '- id: "001"']);
  });

  it('needs a pattern with a number in it', async () => {
    const cwd = temporaryFolder();
    writeFileSync(path.join(cwd, 'shots.csv'), first);
    const { code, stderr } = await shotlist(['import', 'shots.csv', '--number', 'sh'], { cwd });
    expect(stderr).toContain("'sh' is no numbering");
    expect(code).toBe(2);
  });
});
