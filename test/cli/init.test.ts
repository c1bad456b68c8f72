import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { shotlist, temporaryFolder } from '../helpers/cli.ts';
import { commit, git, gitEnv, writeFiles } from '../helpers/git.ts';

const written = [
  '.env.example',
  '.gitattributes',
  '.gitignore',
  '.vscode/extensions.json',
  '.vscode/settings.json',
  'schemas/manifest.schema.json',
  'storyboard.yaml',
];

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
}

const read = (folder: string, name: string): string => readFileSync(path.join(folder, name), 'utf8');

describe('init', () => {
  it('begins a storyboard that the lint has nothing to say about, and that can be planned', async () => {
    const cwd = temporaryFolder();
    const result = await shotlist(['init', 'Neon Alley!'], { cwd });
    expect(result.code).toBe(0);
    expect(result.stdout.split('\n').filter((line) => line.startsWith('created'))).toHaveLength(7);
    const folder = path.join(cwd, 'Neon Alley!');
    expect(filesIn(folder)).toEqual(written);
    const lint = await shotlist(['lint', '--strict', 'storyboard.yaml'], { cwd: folder });
    expect(lint.code, lint.stdout).toBe(0);
    const plan = await shotlist(['plan', 'storyboard.yaml'], { cwd: folder });
    expect(plan.stdout).toContain('neon-alley');
    expect(plan.stdout).toContain('3 requests to submit');
  });

  it('takes flags, and asks nothing then', async () => {
    const cwd = temporaryFolder();
    const args = ['init', '--project', 'rain', '--model', 'videos', '--ratio', '21:9', '--price', '7'];
    const result = await shotlist(args, { cwd, answers: [] });
    expect(result.code).toBe(0);
    expect(result.stderr).not.toContain('?');
    const { stdout } = await shotlist(['plan', 'storyboard.yaml', '--format', 'json'], { cwd });
    expect(JSON.parse(stdout)).toMatchObject({
      project: 'rain',
      requests: [{ body: { model: 'videos', ratio: '21:9' } }, {}, {}],
      summary: { cost: 21, currency: 'CNY' },
    });
  });

  it('begins with a store for files of the own disk, where one is named', async () => {
    const cwd = temporaryFolder();
    const made = await shotlist(['init', '--store', 'studio-plates/rain'], { cwd, answers: [] });
    expect(made.code).toBe(0);
    expect(read(cwd, 'storyboard.yaml')).toContain('\nstore:\n  s3: studio-plates/rain\n');
    expect(read(cwd, '.env.example')).toContain('# AWS_SECRET_ACCESS_KEY=\n');
    const lint = await shotlist(['lint', '--strict', 'storyboard.yaml'], { cwd });
    expect(lint.code, lint.stdout).toBe(0);

    const without = temporaryFolder();
    await shotlist(['init', '--yes'], { cwd: without });
    const text = read(without, 'storyboard.yaml');
    expect(text).toContain('\n# store:\n#  s3: my-bucket/plates\n');
    writeFileSync(
      path.join(without, 'storyboard.yaml'),
      text.replace('# store:', 'store:').replace('#  s3:', '  s3:'),
    );
    const uncommented = await shotlist(['lint', '--strict', 'storyboard.yaml'], { cwd: without });
    expect(uncommented.code, uncommented.stdout).toBe(0);
  });

  it('asks on a terminal, again where an answer does not fit', async () => {
    const cwd = temporaryFolder();
    const answers = ['Rain City', 'rain-city', 'Rain "City": a teaser', 'vidoes', 'videos', '', '5.5', 'eur'];
    const { code, stderr } = await shotlist(['init'], { cwd, answers });
    expect(code).toBe(0);
    expect(stderr).toContain("'Rain City' is no project name");
    expect(stderr).toContain('for example rain-city');
    expect(stderr).toContain('did you mean videos?');
    const plan = await shotlist(['plan', 'storyboard.yaml', '--format', 'json'], { cwd });
    expect(JSON.parse(plan.stdout)).toMatchObject({
      project: 'rain-city',
      summary: { cost: 16.5, currency: 'EUR' },
    });
    expect(read(cwd, 'storyboard.yaml')).toContain(String.raw`title: "Rain \"City\": a teaser"`);
  });

  it('writes nothing when the questions are left', async () => {
    const cwd = temporaryFolder();
    const { code, stderr } = await shotlist(['init'], { cwd, answers: ['rain'] });
    expect(code).toBe(3);
    expect(stderr).toContain('nothing was written');
    expect(filesIn(cwd)).toEqual([]);
  });

  it.each([
    [['--model', 'vidoes'], 'did you mean videos?'],
    [['--ratio', '5:4'], 'choose one of'],
    [['--project', 'Neon Alley'], 'for example neon-alley'],
    [['--store', 'My Bucket'], 'for example studio-plates/neon-alley'],
    [['--price', 'cheap'], "--price: 'cheap' is not a price"],
  ])('refuses %j and writes nothing', async (flags, message) => {
    const cwd = temporaryFolder();
    const { code, stderr } = await shotlist(['init', ...flags], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(filesIn(cwd)).toEqual([]);
  });

  it('never overwrites: what is there stays byte for byte', async () => {
    const cwd = temporaryFolder();
    const own = {
      'storyboard.yaml': 'version: 1\nproject: mine\n',
      '.vscode/settings.json': '{ "mine": true }',
      '.gitignore': 'dist\r\n.env',
      '.gitattributes': '*.png binary\n',
    };
    writeFiles(cwd, own);
    symlinkSync('nowhere', path.join(cwd, '.env.example'));
    const { stdout, code } = await shotlist(['init'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(/kept\s+storyboard\.yaml/);
    expect(read(cwd, 'storyboard.yaml')).toBe(own['storyboard.yaml']);
    expect(read(cwd, '.vscode/settings.json')).toBe(own['.vscode/settings.json']);
    expect(read(cwd, '.gitignore')).toBe('dist\r\n.env\r\n.shotlist/\r\n');
    expect(read(cwd, '.gitattributes')).toBe('*.png binary\n*.ledger.jsonl merge=union\n');
    expect(existsSync(path.join(cwd, 'nowhere'))).toBe(false);
    const before = filesIn(cwd).map((name) => [name, name === '.env.example' ? '' : read(cwd, name)]);
    expect((await shotlist(['init'], { cwd })).stdout).not.toMatch(/created|extended/);
    expect(filesIn(cwd).map((name) => [name, name === '.env.example' ? '' : read(cwd, name)])).toEqual(
      before,
    );
  });

  it('asks nothing where a storyboard is there already, and says that it stays', async () => {
    const cwd = temporaryFolder();
    writeFiles(cwd, { 'storyboard.yaml': 'version: 1\nproject: mine\n' });
    const { code, stderr } = await shotlist(['init'], { cwd, answers: ['other'] });
    expect(code).toBe(0);
    expect(stderr).not.toContain('Project');
    expect(stderr).toContain('storyboard.yaml was there already, and stays as it is');
    expect(read(cwd, 'storyboard.yaml')).toContain('project: mine');
  });

  it('proposes what comes next, ready to be copied', async () => {
    const cwd = temporaryFolder();
    const { stderr } = await shotlist(['init', '第一集/Neon Alley!'], { cwd });
    expect(stderr).toContain("  shotlist lint '第一集/Neon Alley!/storyboard.yaml'\n");
  });

  it('has git ignore the ledger and the key, keep the journal, and merge it by union', async () => {
    const cwd = temporaryFolder();
    await shotlist(['init', '--yes'], { cwd });
    git(cwd, 'init', '--quiet', '--initial-branch=main');
    writeFiles(cwd, {
      '.env': 'SHOTLIST_API_KEY=secret',
      '.shotlist/ledger.db': '',
      'storyboard.ledger.jsonl': '{"n":0}\n',
    });
    const status = git(cwd, 'status', '--porcelain', '--untracked-files=all');
    expect(status).toContain('storyboard.ledger.jsonl');
    expect(status).not.toMatch(/ledger\.db|\.env$/m);
    commit(cwd, {});
    git(cwd, 'checkout', '--quiet', '-b', 'mine');
    commit(cwd, { 'storyboard.ledger.jsonl': '{"n":0}\n{"n":1}\n' });
    git(cwd, 'checkout', '--quiet', 'main');
    commit(cwd, { 'storyboard.ledger.jsonl': '{"n":0}\n{"n":2}\n' });
    git(cwd, 'merge', '--quiet', '--no-edit', 'mine');
    expect(read(cwd, 'storyboard.ledger.jsonl').trim().split('\n').sort()).toEqual([
      '{"n":0}',
      '{"n":1}',
      '{"n":2}',
    ]);
    expect(gitEnv['GIT_CONFIG_GLOBAL']).toBe('/dev/null');
  });

  it('says what is in the way', async () => {
    const cwd = temporaryFolder();
    writeFiles(cwd, { taken: 'a file' });
    const { code, stderr } = await shotlist(['init', 'taken'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain('storyboard.yaml cannot be written');
  });
});
