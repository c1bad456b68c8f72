import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { shotlist, temporaryFolder } from '../helpers/cli.ts';

const examples = path.resolve(import.meta.dirname, '../../examples/manifests');
const fixtures = path.resolve(import.meta.dirname, '../fixtures/tables');

/** A folder with some files, by name. */
function workspace(files: Readonly<Record<string, string | Uint8Array>>): string {
  const cwd = temporaryFolder();
  for (const [name, data] of Object.entries(files)) writeFileSync(path.join(cwd, name), data);
  return cwd;
}

const read = (cwd: string, name: string): string => readFileSync(path.join(cwd, name), 'utf8');

/** What a new manifest made of a table is, and what is said of it. */
function begun(table: string | Uint8Array, ...flags: readonly string[]) {
  return shotlist(['import', 'shots.csv', ...flags], { cwd: workspace({ 'shots.csv': table }) });
}

const storyboard = `version: 1
project: rain
defaults: { model: videos, duration: 5 }
scenes:
  - id: sc010
    shots:
      # The opening.
      - id: "0010"
        prompt: Rain on glass   # keep it slow
      - id: "0020"
        prompt: 'A train crosses'
        ratio: "21:9"
`;

describe('import, without a storyboard', () => {
  it('takes what Kitsu exports, without a mapping', async () => {
    const { code, stdout, stderr } = await begun(
      [
        'Project,Episode,Sequence,Name,Description,Time Spent,Frames,Frame In,Frame Out,FPS,Resolution,Layout,Assignations,Animation,Assignations',
        'Neon Alley,,SQ010,SH0010,"A city at night, rain",0.50,120,1001,1120,24,1920x1080,wip,Ada,todo,Bo',
        'Neon Alley,,SQ010,SH0020,"She said ""go""',
        'and ran",0.00,,1001,1144,23.976,1920x1080,,,,',
      ].join('\n'),
    );
    expect(stdout).toBe(`version: 1
project: neon-alley
title: Neon Alley

defaults:
  model: videos_stable

scenes:
  - id: SQ010
    shots:
      - id: SH0010
        prompt: A city at night, rain
        duration: 5
        x-time-spent: "0.50"
        x-resolution: "1920x1080"
        x-layout: wip
        x-assignations: Ada
        x-animation: todo
        x-assignations-2: Bo
      - id: SH0020
        prompt: |-
          She said "go"
          and ran
        duration: 6
        x-time-spent: "0.00"
        x-resolution: "1920x1080"
`);
    expect(stderr).toContain('`Time Spent` as x-time-spent');
    expect(stderr).toContain('The table names no model');
    expect(code).toBe(0);
  });

  it('takes what StudioBinder exports, with semicolons and decimal commas', async () => {
    const { code, stdout, stderr } = await begun(
      'sep=;\r\nScene;Shot;Setup;Shot Size;Shot Type;Movement;Equipment;Description;Duration;Notes\r\n12;1A;3;CU;Insert;Static;;A hand: #slow;4,5;wait\r\n',
    );
    expect(stdout).toContain(`scenes:
  - id: "12"
    shots:
      - id: "1A"
        prompt: "A hand: #slow"
        duration: 5
        notes: wait
        x-setup: "3"
        x-shot-size: CU
        x-shot-type: Insert
        x-movement: Static
`);
    expect(stderr).toContain('row 3, 12/1A: 4,5 is 4.5 s, taken as 5 s');
    expect(code).toBe(0);
  });

  it('proposes what a shot list for a camera does not say, and takes words for no media', async () => {
    const { code, stdout, stderr } = await begun(
      'Scene,Shot,Description,Audio,Image\n1,1A,Rain falls,Sync,stills/1.png\n1,1B,She looks up,MOS,\n',
    );
    expect(stdout).toContain('defaults:\n  model: videos_stable\n  duration: 5\n');
    expect(stdout).toContain('x-audio: Sync\n');
    expect(stdout).toContain('referenceImages: [stills/1.png]\n');
    expect(stderr).toContain('`defaults` begin with 5 seconds');
    expect(stderr).toContain('There is no file `stills/1.png`');
    expect(code).toBe(1);
  });

  it('needs no rate of frames where none are counted', async () => {
    const { code } = await begun('shot,prompt,duration,frame rate\na,x,5,slow motion\n');
    expect(code).toBe(0);
    const counted = await begun('shot,prompt,duration,frame rate\na,x,120f,slow motion\n');
    expect(counted.stderr).toContain('`slow motion` is no rate of frames');
  });

  it('says which shots are of no scene below others that are, for cells may be merged', async () => {
    const table = 'Scene,Shot,Prompt,Duration\n1,a,x,5\n,b,y,5\n,c,z,5\n';
    const { stderr } = await begun(table);
    const said = stderr.replace(/\n {6}/g, ' ');
    expect(said).toContain('Row 3, and 1 more below it, are empty in the column `Scene`');
    expect(said).toContain('fillDown: ["Scene"]');
    const cwd = workspace({ 'shots.csv': table });
    const again = ['import', 'shots.csv', '--into', 'rain.yaml', '--yes'];
    await shotlist(again, { cwd });
    expect((await shotlist(again, { cwd })).stderr).toBe('shots: 3 unchanged\n');
  });

  it('finds the header below titles, and leaves out totals', async () => {
    const { code, stdout, stderr } = await begun(
      [
        '"Neon Alley, v3, final",,,',
        'Director;Wang,2026-03-05,;;,',
        '',
        '场号,镜号,画面描述,时长',
        '01,001,雨夜,5',
        '01,002,"Total; darkness",6',
        ',,,',
        '合计：,,,11',
        ',Total,,11',
      ].join('\r\n'),
    );
    expect(stderr).toContain('note: The columns are named in row 4: what stands above it is left out\n');
    expect(stderr).toContain('note: Rows 8, 9 add up others, and are left out\n');
    expect(stderr).toContain('shots: 2 added');
    expect(stdout).toContain('      - id: "002"\n        prompt: Total; darkness\n');
    expect(code).toBe(0);
  });

  it('finds the delimiter where the title does not show it', async () => {
    const { code, stdout } = await begun(
      'Table 1\nScene;Shot;Prompt;Duration\n1;a;Rain, slow, soft, grey;4,5\n',
    );
    expect(stdout).toContain('prompt: Rain, slow, soft, grey\n        duration: 5\n');
    expect(code).toBe(0);
  });

  it('takes empty cells for granted that are left out at the end of rows', async () => {
    const { code, stdout } = await begun(
      'Shot,Prompt,Duration,Lens,Notes\na,Rain,5\nb,Snow,5,35mm,wet\nc,Hail,5,50mm\n',
    );
    expect(stdout).toContain('  - id: a\n    prompt: Rain\n    duration: 5\n  - id: b\n');
    expect(stdout).toContain('  - id: c\n    prompt: Hail\n    duration: 5\n    x-lens: "50mm"\n');
    expect(code).toBe(0);
  });

  it('reads GB18030 and says so, and Chinese headers', async () => {
    // Header 镜号,场号,画面,景别,时长(秒),比例 and one row.
    const bytes = Buffer.from(
      'vrW6xSyzobrFLLutw+YsvrCx8CzKsbOkKMPrKSyxyMD9DQowMDEsMDEs0+rSuaOs1a3P78jrv9osyKu+sCw1LDE2OjA5DQo=',
      'base64',
    );
    const { stdout, stderr } = await begun(bytes);
    expect(stdout).toContain('  ratio: "16:9"\n');
    expect(stdout).toContain(
      '  - id: "01"\n    shots:\n      - id: "001"\n        prompt: 雨夜，窄巷入口\n        duration: 5\n        x-景别: 全景\n',
    );
    expect(stderr).toContain('shots.csv is read as GB18030');
  });

  it('reads UTF-8 and UTF-16, with and without a byte-order mark, alike', async () => {
    const text = 'shot\tprompt\tmodel\r\na\t雨夜, "slow"\tvideos\r\n';
    const little = (each: string): Buffer => Buffer.from(each, 'utf16le');
    const tables = [text, `\ufeff${text}`, little(text), little(`\ufeff${text}`)];
    const big = [little(text).swap16(), little(`\ufeff${text}`).swap16()];
    const made = await Promise.all([...tables, ...big].map((each) => begun(each)));
    expect(new Set(made.map(({ stdout }) => stdout)).size).toBe(1);
    expect(made[0]?.stdout).toContain('prompt: 雨夜, "slow"');
  });

  it('refuses a western code page rather than reading it as Chinese, and takes its name', async () => {
    const latin = Buffer.from('Séquence,Shot\nCôté,1\n', 'latin1');
    const refused = await begun(latin);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('neither UTF-8 nor UTF-16 nor GB18030');
    const named = await begun(latin, '--encoding', 'windows-1252');
    expect(named.stdout).toContain('x-séquence: Côté');
  });

  it('takes no Korean, Japanese, Hebrew or Thai for Chinese, and names the encoding that fits', async () => {
    for (const [name, encoding, prompt] of [
      ['korean.csv', 'euc-kr', '비 오는 밤, 네온 골목을 걷는 소녀'],
      ['japanese.csv', 'shift_jis', '雨の夜のネオン街を走る少女'],
      ['hebrew.csv', 'windows-1255', 'לילה גשום בעיר'],
      ['thai.csv', 'windows-874', 'คืนฝนตกในเมือง'],
    ] as const) {
      const bytes = readFileSync(path.join(fixtures, 'encodings', name));
      const refused = await begun(bytes);
      expect(refused).toMatchObject({ code: 2, stdout: '' });
      expect(refused.stderr.replace(/\s+/g, ' ')).toContain(`--encoding ${encoding}`);
      const { code, stdout } = await begun(bytes, '--encoding', encoding);
      expect({ code, stdout }).toMatchObject({ code: 0 });
      expect(stdout).toContain(prompt);
    }
  });

  it('reads typographic quotes of windows-1252 as such', async () => {
    const bytes = Buffer.from('shot,prompt\na,\x93Caf\xe9\x94 \x97 noir\n', 'latin1');
    const { stdout } = await begun(bytes, '--encoding', 'windows-1252');
    expect(stdout).toContain('"“Café” — noir"');
  });

  it('puts numbered columns and several URLs of a cell into one list', async () => {
    const { stdout } = await begun(
      'shot,prompt,image_10,Image 2,image_1,Reference Video\na,x,https://m.example.com/10.png,"https://m.example.com/2.png; https://m.example.com/3.png?a=1,2","https://m.example.com/1.png\nhttps://m.example.com/1b.png",https://m.example.com/v.mp4\n',
    );
    const list = /referenceImages: \[(.*)\]/.exec(stdout)?.[1]?.replaceAll('"', '').split(', ');
    expect(list).toEqual(
      ['1', '1b', '2', '3', '10'].map(
        (name) => `https://m.example.com/${name}.png${name === '3' ? '?a=1,2' : ''}`,
      ),
    );
    expect(stdout).toContain('referenceVideos: [https://m.example.com/v.mp4]');
  });

  it('understands every way to say how long a shot is', async () => {
    const ways = ['5', '5 s', '5秒', '00:05', '00:00:05', '00:00:05:00', '120f', '5.0', '5"'];
    const { stdout } = await begun(
      `shot,prompt,duration\n${ways.map((way, index) => `s${index},p,"${way.replace('"', '""')}"`).join('\n')}\n`,
      '--fps',
      '24',
    );
    expect(stdout.match(/duration: 5\n/g)).toHaveLength(ways.length);
  });

  it('keeps its shots apart from those of other scenes, and ids as they are typed', async () => {
    const { stdout, stderr } = await begun(
      'scene,shot,prompt\n007,0010,a\nINT. Bar,0010,b\n,"=""0020""",c\n',
    );
    expect(stdout).toContain('  - id: "007"\n    shots:\n      - id: "0010"');
    expect(stdout).toContain('  - id: INT.-Bar\n    title: INT. Bar\n');
    expect(stdout).toContain('\nshots:\n  - id: "0020"\n');
    expect(stderr).toContain('`INT. Bar` is INT.-Bar');
  });

  it('shows what the lint finds in what it began', async () => {
    const { code, stderr } = await begun('shot,prompt,duration\na,b,99\n');
    expect(code).toBe(1);
    expect(stderr).toContain('duration-out-of-range');
  });

  it('never takes a table for a formula, and takes guards off again', async () => {
    const { stdout } = await begun("shot,prompt,notes\na,'=A1+B1,'tis\n");
    expect(stdout).toContain('prompt: "=A1+B1"');
    expect(stdout).toContain('notes: "\'tis"');
  });
});

describe('import refuses', () => {
  it.each([
    [
      'an id that became a number',
      'shot\n1E+10\n',
      /1E\+10` is a number with an exponent/,
      'line 2, column shot',
    ],
    [
      'an id that became a date',
      'scene,shot\n1,2024-03-05\n',
      /2024-03-05` is a date/,
      'line 2, column shot',
    ],
    ['a date in Chinese', '镜号\n3月5日\n', /3月5日` is a date/, 'line 2, column 镜号'],
    ['a date in English', 'shot\n5-Mar\n', /5-Mar` is a date/, 'line 2, column shot'],
    ['a scene that became a date', 'scene,shot\n05/03/2024,1\n', /is a date/, 'line 2, column scene'],
    ['a row without an id', 'shot,prompt\n,words\n', /names no shot/, 'line 2, column shot'],
    ['the same id twice', 'shot\na\n\nb\na\n', /`a` is in row 2 already/, 'line 5, column shot'],
    [
      'a row that is too short',
      'a,shot,c\n"1\n2",x,y\nz\n',
      /ends at column A, the header at column C/,
      'line 4, row 3',
    ],
    [
      'a row that a line end tore apart',
      'shot,prompt,duration,notes\na,x,5,\nb,first\nsecond,6,\n',
      /ends at column B, the header at column D/,
      'line 3',
    ],
    [
      'mistakes below a title',
      'Neon\nshot,prompt,duration\na,x,soon\n',
      /no duration/,
      'line 3, column duration',
    ],
    [
      'a column twice below a title',
      'Neon\nshot,ratio,ratio\na,x,x\n',
      /Rename or delete one of the two/,
      'line 2',
    ],
    [
      'episodes that count their scenes anew',
      'Episode,Sequence,Name\nE1,S1,a\nE2,S1,a\n',
      /columns: { "Episode": scene, "Sequence": scene }/,
      'line 3, column Name',
    ],
    ['a row that is too long', 'shot,b\n1,2,3\n', /Column C has a cell here/, 'line 2'],
    ['a quote that stays open', 'shot,b\nx,1\ny,"2\n', /never closed/, 'line 3'],
    ['no column for the shots', 'scene,prompt\n1,x\n', /No column says what the shots are called/, 'line 1'],
    [
      'the same column twice',
      'shot,duration,时长\na,5,6\n',
      /`duration` \(B\) and `时长` \(C\) both say/,
      'line 1',
    ],
    ['no duration', 'shot,duration\na,five\n', /`five` is no duration/, 'line 2, column duration'],
    ['frames without a rate', 'shot,frames\na,120\n', /without their rate/, 'line 2, column frames'],
    [
      'an out before its in',
      'shot,in,out,fps\na,20,10,24\n',
      /not after the in point 20/,
      'line 2, column out',
    ],
    [
      'an error of the spreadsheet',
      'shot,prompt\na,#NAME?\n',
      /error of the spreadsheet/,
      'line 2, column prompt',
    ],
    [
      'text that was decoded twice',
      'shot,prompt\na,å¤œæ™šçš„è¡—é\u0081“\n',
      /`å¤œæ™šçš„è¡—é\ufffd?.*` is text that a program read in the wrong encoding: it was `夜晚的街道` once/,
      'line 2, column prompt',
    ],
    [
      'a heading that was decoded twice',
      'shot,æ\u0090ç¤ºè¯\u008d\na,x\n',
      /The heading `æ.*` was read in the wrong encoding/,
      'line 1, column',
    ],
    ['an id of other letters', 'shot\n镜头一\n', /cannot be an id/, 'line 2, column shot'],
  ])('%s', async (_, table, message, place) => {
    const { code, stdout, stderr } = await begun(table);
    expect(stderr).toMatch(message);
    expect(stderr).toContain(`shots.csv, ${place}`);
    expect(stdout).toBe('');
    expect(code).toBe(1);
  });

  it('a workbook, an empty file, and one that is not there', async () => {
    expect((await begun(Buffer.from('PK\u0003\u0004zip'))).stderr).toContain('is a workbook');
    expect((await begun('\n\n')).stderr).toContain('shots.csv is empty');
    const missing = await shotlist(['import', 'nowhere.csv'], { cwd: temporaryFolder() });
    expect(missing.stderr).toContain('nowhere.csv does not exist');
    expect(missing.code).toBe(2);
  });

  it('several mistakes at once, each with its place', async () => {
    const { stderr } = await begun('shot,duration\n,5\n1E+10,5\n');
    expect(stderr).toContain('shots.csv has 2 mistakes: nothing was written');
    const many = await begun(`shot\n${'5-Mar\n'.repeat(30)}`);
    expect(many.stderr.match(/is a date/g)).toHaveLength(20);
    expect(many.stderr).toContain('has 30 mistakes, the first 20 of which are above: nothing was written');
  });

  it('a sheet without shots, sooner than skip them all', async () => {
    const cwd = workspace({ 'rain.yaml': storyboard, 'shots.csv': 'scene,shot,prompt\n,,\n' });
    const { code, stderr } = await shotlist(['import', 'shots.csv', '--into', 'rain.yaml', '--yes'], { cwd });
    expect(stderr).toContain('shots.csv has a header and no shots below it');
    expect(code).toBe(2);
    expect(read(cwd, 'rain.yaml')).toBe(storyboard);
  });

  it('ids that lost their zeros on the way', async () => {
    const cwd = workspace({ 'rain.yaml': storyboard, 'shots.csv': 'scene,shot,prompt\nsc010,10,x\n' });
    const { code, stderr } = await shotlist(['import', 'shots.csv', '--into', 'rain.yaml', '--yes'], { cwd });
    expect(stderr).toContain('The shot `10` is `0010` in the storyboard: a spreadsheet dropped its zeros');
    expect(code).toBe(1);
    expect(read(cwd, 'rain.yaml')).toBe(storyboard);
    const decimal = storyboard.replace('"0010"', '"1.10"').replace('"0020"', '"2.0"');
    writeFileSync(path.join(cwd, 'rain.yaml'), decimal);
    writeFileSync(path.join(cwd, 'shots.csv'), 'scene,shot,prompt\nsc010,1.1,x\nsc010,2,y\n');
    const trailing = await shotlist(['import', 'shots.csv', '--into', 'rain.yaml', '--yes'], { cwd });
    expect(trailing.stderr).toContain('The shot `1.1` is `1.10` in the storyboard');
    expect(trailing.stderr).toContain('The shot `2` is `2.0` in the storyboard');
    expect(read(cwd, 'rain.yaml')).toBe(decimal);
  });
});

describe('import into a storyboard', () => {
  const table =
    'scene,shot,prompt,ratio\nsc010,0010,Rain on steel,\nsc010,0015,A dog runs,1:1\nsc020,0010,The end,\n';
  const after = `version: 1
project: rain
defaults: { model: videos, duration: 5 }
scenes:
  - id: sc010
    shots:
      # The opening.
      - id: "0010"
        prompt: Rain on steel   # keep it slow
      - id: "0015"
        prompt: A dog runs
        ratio: "1:1"
      - id: "0020"
        skip: true # import: not in shots.csv any more
        prompt: 'A train crosses'
        ratio: "21:9"

  - id: sc020
    shots:
      - id: "0010"
        prompt: The end
`;
  const into = (cwd: string, flags: readonly string[], answers?: readonly string[]) =>
    shotlist(
      ['import', 'shots.csv', '--into', 'rain.yaml', ...flags],
      answers === undefined ? { cwd } : { cwd, answers },
    );

  it('shows the difference, asks, and writes what was agreed to', async () => {
    const cwd = workspace({ 'rain.yaml': storyboard, 'shots.csv': table });
    const no = await into(cwd, [], ['n']);
    expect(no.stderr).toContain(
      '-        prompt: Rain on glass   # keep it slow\n+        prompt: Rain on steel   # keep it slow',
    );
    expect(no.stderr).toContain('shots: 2 added, 1 changed, 1 not in the table: skipped');
    expect(no.stderr).toContain('Write this to rain.yaml? [y/N] ');
    expect(no.code).toBe(3);
    expect(read(cwd, 'rain.yaml')).toBe(storyboard);
    const yes = await into(cwd, [], ['y']);
    expect(yes.code).toBe(0);
    expect(read(cwd, 'rain.yaml')).toBe(after);
    const again = await into(cwd, []);
    expect(again).toMatchObject({ code: 0, stdout: '', stderr: 'shots: 3 unchanged\n' });
  });

  it('keeps the line ends of Windows, and shows none', async () => {
    const windows = storyboard.replaceAll('\n', '\r\n');
    const cwd = workspace({ 'rain.yaml': windows, 'shots.csv': table });
    const { stderr } = await into(cwd, ['--yes']);
    expect(stderr).toContain('+        prompt: Rain on steel   # keep it slow\n');
    expect(stderr).not.toMatch(/[\r␍]/);
    expect(read(cwd, 'rain.yaml')).toBe(after.replaceAll('\n', '\r\n'));
  });

  it('writes nothing without a terminal, unless --yes is given', async () => {
    const cwd = workspace({ 'rain.yaml': storyboard, 'shots.csv': table });
    const unasked = await into(cwd, []);
    expect(unasked.code).toBe(3);
    expect(unasked.stderr).toContain('nobody confirmed this: nothing was written');
    expect(read(cwd, 'rain.yaml')).toBe(storyboard);
    expect((await into(cwd, ['--yes'])).code).toBe(0);
    expect(read(cwd, 'rain.yaml')).toBe(after);
  });

  it('prints a patch, and nothing more, in a dry run', async () => {
    const cwd = workspace({ 'rain.yaml': storyboard, 'shots.csv': table });
    const { code, stdout } = await into(cwd, ['--dry-run', '--quiet']);
    expect(stdout).toMatch(/^--- a\/rain\.yaml\n\+\+\+ b\/rain\.yaml\n@@/);
    expect(code).toBe(0);
    expect(read(cwd, 'rain.yaml')).toBe(storyboard);
  });

  it('brings shots back as they were, and leaves those of other scenes alone with --partial', async () => {
    const cwd = workspace({ 'rain.yaml': storyboard, 'shots.csv': 'scene,shot\nsc010,0010\n' });
    expect((await into(cwd, ['--partial'])).stderr).toContain('shots: 1 unchanged');
    await into(cwd, ['--yes']);
    expect(read(cwd, 'rain.yaml')).toContain('skip: true # import: not in shots.csv any more\n');
    writeFileSync(path.join(cwd, 'shots.csv'), 'scene,shot\nsc010,0010\nsc010,0020\n');
    const back = await into(cwd, ['--yes']);
    expect(back.stderr).toContain('1 back');
    expect(read(cwd, 'rain.yaml')).toBe(storyboard);
  });

  it('tells a shot that moved with the call that keeps it from being paid again', async () => {
    const csv = 'scene,shot,prompt\nsc010,0010,Rain on glass\nsc020,0020,A train crosses\nsc020,0030,New\n';
    const cwd = workspace({ 'rain.yaml': storyboard, 'shots.csv': csv });
    const { stderr } = await into(cwd, ['--yes']);
    expect(stderr.replace(/\n {6}/g, ' ')).toContain('shotlist adopt rain.yaml sc010/0020 sc020/0020\n');
    expect(stderr.match(/shotlist adopt/g)).toHaveLength(1);
  });

  it('keeps the comment of somebody else on the line that says skip', async () => {
    const open = storyboard.replace(
      '        prompt: Rain',
      '        skip: false # decided\n        prompt: Rain',
    );
    const cwd = workspace({ 'rain.yaml': open, 'shots.csv': 'scene,shot\nsc010,0020\n' });
    await into(cwd, ['--yes']);
    expect(read(cwd, 'rain.yaml')).toContain('skip: true # import: not in shots.csv any more # decided\n');
    writeFileSync(path.join(cwd, 'shots.csv'), 'scene,shot\nsc010,0010\nsc010,0020\n');
    await into(cwd, ['--yes']);
    expect(read(cwd, 'rain.yaml')).toBe(open);
  });

  it('lets empty cells say nothing, and null take a value away', async () => {
    const csv = 'scene,shot,prompt,ratio,tags\nsc010,0010,,,\nsc010,0020,,null,null\n';
    const cwd = workspace({ 'rain.yaml': storyboard, 'shots.csv': csv });
    await into(cwd, ['--yes']);
    expect(read(cwd, 'rain.yaml')).toBe(storyboard.replace('        ratio: "21:9"\n', ''));
  });

  it('writes nothing where the lint would find what it does not find now', async () => {
    const csv = 'scene,shot,duration\nsc010,0010,99\nsc010,0020,5\n';
    const cwd = workspace({ 'rain.yaml': storyboard, 'shots.csv': csv });
    const { code, stderr } = await into(cwd, ['--yes']);
    expect(stderr).toContain('duration-out-of-range');
    expect(stderr).toContain('would have an error that it does not have now: nothing was written');
    expect(code).toBe(1);
    expect(read(cwd, 'rain.yaml')).toBe(storyboard);
  });

  it('changes fragments and prompt files where they are, and says what loses its references', async () => {
    const cwd = temporaryFolder();
    cpSync(path.join(examples, 'neon-alley'), cwd, { recursive: true });
    await shotlist(['export', 'neon-alley.yaml', '-o', 'all.csv', '--expand'], { cwd });
    const csv = read(cwd, 'all.csv');
    writeFileSync(
      path.join(cwd, 'all.csv'),
      csv
        .replace('holds on her face', 'holds on her hands')

        .replace('neon lights of a rainy', 'lights of a dry'),
    );
    const { code, stderr } = await shotlist(['import', 'all.csv', '--into', 'neon-alley.yaml', '--yes'], {
      cwd,
    });
    expect(code).toBe(0);
    expect(stderr).toContain('written: prompts/mika-arrives.md, scenes/act-3.yaml');
    expect(stderr).toContain('title-card: `prompt` was written with `${…}` references');
    expect(read(cwd, 'prompts/mika-arrives.md')).toContain('holds on her hands');
    expect(read(cwd, 'scenes/act-3.yaml')).toContain('Out-of-focus lights of a dry street');
    expect(read(cwd, 'neon-alley.yaml')).toBe(
      readFileSync(path.join(examples, 'neon-alley/neon-alley.yaml'), 'utf8'),
    );
  });

  it('leaves what a shot inherits where it is, and writes what is said otherwise', async () => {
    const csv = 'scene,shot,duration,model\nsc010,0010,5 s,videos\nsc010,0020,8,videos_stable\n';
    const cwd = workspace({
      'rain.yaml': storyboard,
      'shots.csv': csv.replace('8,videos_stable', '8,videos'),
    });
    await into(cwd, ['--yes']);
    expect(read(cwd, 'rain.yaml')).toBe(
      storyboard.replace("'A train crosses'\n", "'A train crosses'\n        duration: 8\n"),
    );
  });

  it('says why behind a shot on one line, and where no comment can stand in a key of its own', async () => {
    const compact = `version: 1
project: rain
defaults: { model: videos, duration: 5 }
shots:
  - { id: a, prompt: Rain on glass }   # keep it slow
  - { id: b, prompt: A train crosses }
  - { id: c, prompt: A door opens }
  - {
      id: d,
      prompt: A hand,
    }
scenes:
  - id: sc010
    shots: [{ id: e, prompt: A face }, { id: f, prompt: A crowd }]
`;
    const cwd = workspace({ 'rain.yaml': compact, 'shots.csv': 'scene,shot\n,c\nsc010,f\n' });
    expect((await into(cwd, ['--yes'])).code).toBe(0);
    const skipped = read(cwd, 'rain.yaml');
    expect(skipped).toContain(
      '  - { id: a, skip: true, prompt: Rain on glass } # import: not in shots.csv any more   # keep it slow\n',
    );
    expect(skipped).toContain(
      '  - { id: b, skip: true, prompt: A train crosses } # import: not in shots.csv any more\n',
    );
    expect(skipped).toContain('    } # import: not in shots.csv any more\n');
    expect(skipped).toContain(
      '[{ id: e, skip: true, prompt: A face, x-import: not in shots.csv any more }, { id: f,',
    );
    writeFileSync(path.join(cwd, 'shots.csv'), 'scene,shot\n,a\n,b\n,c\n,d\nsc010,e\nsc010,f\n');
    expect((await into(cwd, ['--yes'])).stderr).toContain('4 back');
    expect(read(cwd, 'rain.yaml')).toBe(compact);
  });

  it('keeps JSON JSON', async () => {
    const json =
      '{\n  "version": 1,\n  "project": "j",\n  "shots": [\n    { "id": "a", "model": "videos", "duration": 5, "prompt": "x" }\n  ]\n}\n';
    const cwd = workspace({
      'rain.yaml': json,
      'shots.csv': 'shot,prompt,notes,model,duration\na,y,hm,,\nb,new,,videos,5\n',
    });
    expect((await into(cwd, ['--yes'])).code).toBe(0);
    const parsed: unknown = JSON.parse(read(cwd, 'rain.yaml'));
    expect(parsed).toMatchObject({
      shots: [
        { id: 'a', prompt: 'y', notes: 'hm' },
        { id: 'b', prompt: 'new' },
      ],
    });
    writeFileSync(path.join(cwd, 'shots.csv'), 'shot\nb\n');
    await into(cwd, ['--yes']);
    expect(JSON.parse(read(cwd, 'rain.yaml'))).toMatchObject({
      shots: [{ id: 'a', skip: true, 'x-import': 'not in shots.csv any more' }, { id: 'b' }],
    });
    writeFileSync(path.join(cwd, 'shots.csv'), 'shot\na\nb\n');
    await into(cwd, ['--yes']);
    expect(JSON.parse(read(cwd, 'rain.yaml'))).toEqual(parsed);
  });

  it('refuses what it could only write by changing something else too', async () => {
    const shared =
      'version: 1\nproject: p\ndefaults: { model: videos, duration: 5 }\nshots:\n  - { id: a, prompt: &p words }\n  - { id: b, prompt: *p }\n';
    const cwd = workspace({ 'rain.yaml': shared, 'shots.csv': 'shot,prompt\na,others\nb,words\n' });
    const { code, stderr } = await into(cwd, ['--yes']);
    expect(stderr).toContain('`prompt` is shared with other places by a `&` anchor');
    expect(stderr).toContain('shots.csv, line 2');
    expect(code).toBe(1);
    writeFileSync(path.join(cwd, 'shots.csv'), 'shot,prompt\na,words\nb,others\n');
    expect((await into(cwd, ['--yes'])).code).toBe(0);
    expect(read(cwd, 'rain.yaml')).toBe(shared.replace('*p }', 'others }'));
  });

  it('begins a storyboard that is not there', async () => {
    const cwd = workspace({ 'shots.csv': 'shot,prompt,model,duration\na,b,videos,5\n' });
    expect((await into(cwd, [])).code).toBe(3);
    expect((await into(cwd, ['--yes'])).code).toBe(0);
    expect((await shotlist(['lint', 'rain.yaml'], { cwd })).code).toBe(0);
    expect(read(cwd, 'rain.yaml')).toContain('project: rain\n');
  });

  it('sends people who name a fragment to the manifest', async () => {
    const cwd = workspace({ 'rain.yaml': 'shots:\n  - id: a\n    prompt: b\n', 'shots.csv': 'shot\na\n' });
    for (const result of [await into(cwd, ['--yes']), await shotlist(['export', 'rain.yaml'], { cwd })]) {
      expect(result.stderr).toContain('rain.yaml is a fragment');
      expect(result).toMatchObject({ code: 2, stdout: '' });
    }
  });

  it('says what must be mended first in a storyboard that cannot be read', async () => {
    const cwd = workspace({ 'rain.yaml': 'version: 1\nproject: "p\n', 'shots.csv': 'shot\na\n' });
    const { code, stderr } = await into(cwd, ['--yes']);
    expect(stderr).toContain('rain.yaml cannot be read as a whole');
    expect(code).toBe(2);
  });
});

describe('a mapping file', () => {
  const mapped = (mapping: string, csv: string) =>
    shotlist(['import', 'shots.csv', '--map', 'map.yaml'], {
      cwd: workspace({ 'map.yaml': mapping, 'shots.csv': csv }),
    });

  it('says what columns mean, joins them, fills merged cells and adds constants', async () => {
    const { code, stdout } = await mapped(
      'columns:\n  Ep: scene\n  Seq: scene\n  Code: shot\n  Action: prompt\n  Camera: prompt\n  Weather: ignore\n  Lens: x-lens\nfillDown: [Ep, Seq]\nconstants: { model: videos, tags: [import] }\nfps: 25\nproject: my-film\n',
      'Ep,Seq,Code,Action,Camera,Weather,Lens,Frames\nE1,S1,a,She runs,slow dolly,rain,35mm,125\n,,b,She stops,,sun,,250\n',
    );
    expect(stdout).toBe(`version: 1
project: my-film

defaults:
  model: videos

scenes:
  - id: E1_S1
    shots:
      - id: a
        prompt: |-
          She runs
          slow dolly
        duration: 5
        tags: [import]
        x-lens: "35mm"
      - id: b
        prompt: She stops
        duration: 10
        tags: [import]
`);
    expect(code).toBe(0);
  });

  it.each([
    ['columns: { Code: shott }', 'map.yaml, line 1', 'Did you mean `shot`?'],
    ['fps: 24\ncolumn: {}', 'map.yaml, line 2', 'Did you mean `columns`?'],
    ['columns:\n  Codee: shot', 'map.yaml, line 2', 'Did you mean `Code`?'],
    ['columns: { shot: Code }', 'map.yaml, line 1', 'The header comes first: `Code: shot`'],
    ['fps: fast', 'map.yaml, line 1', 'fps: 24'],
    ['constants: { model: { a: 1 } }', 'map.yaml, line 1', 'model: …'],
    ['columns: [', 'map.yaml, line 1', ''],
  ])('is checked: %s', async (mapping, place, help) => {
    const { code, stderr } = await mapped(mapping, 'Code,prompt\na,b\n');
    expect(stderr).toContain(place);
    expect(stderr).toContain(help);
    expect(code).toBe(2);
  });
});

describe('export', () => {
  it('writes what shots say and inherit, for spreadsheets', async () => {
    const manifest = `${storyboard}shots:\n  - id: card\n    prompt: =SUM(A1)\n    skip: true\n    takes: 2\n    variants: { a: {}, b: {} }\n    x-lens: 35\n`;
    const cwd = workspace({ 'rain.yaml': manifest });
    const { code, stdout, stderr } = await shotlist(['export', 'rain.yaml'], { cwd });
    expect(stdout.split('\r\n')).toEqual([
      '\ufeffscene,shot,title,prompt,model,duration,ratio,resolution,mode,first_image,last_image,referenceImages,referenceVideos,referenceAudios,takes,tags,skip,notes,x-lens',
      'sc010,0010,,Rain on glass,videos,5,,,,,,,,,,,,,',
      'sc010,0020,,A train crosses,videos,5,21:9,,,,,,,,,,,,',
      ",card,,'=SUM(A1),videos,5,,,,,,,,,2,,true,,35",
      '',
    ]);
    expect(stderr).toContain('One shot has `variants`, which no table can hold');
    expect(stderr).toContain('lose their zeros');
    expect(code).toBe(0);
  });

  it('writes a file whole, and never over what it reads', async () => {
    const cwd = workspace({ 'rain.yaml': storyboard });
    const done = await shotlist(['export', 'rain.yaml', '-o', 'out.csv', '--quiet'], { cwd });
    expect(done).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(read(cwd, 'out.csv')).toContain('Rain on glass');
    const wrong = await shotlist(['export', 'rain.yaml', '-o', 'rain.yaml'], { cwd });
    expect(wrong.code).toBe(2);
    expect(read(cwd, 'rain.yaml')).toBe(storyboard);
  });

  it('reads standard input, and says what cannot be read', async () => {
    const cwd = temporaryFolder();
    expect((await shotlist(['export', '-'], { cwd, stdin: storyboard })).stdout).toContain('A train crosses');
    const broken = await shotlist(['export', '-'], { cwd, stdin: 'a: [' });
    expect(broken.code).toBe(2);
    expect(broken.stderr).toContain('cannot be read as a whole');
  });
});
