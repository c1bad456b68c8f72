import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { placeClip } from '../../src/collect/place-clip.ts';
import { temporaryFolder } from '../helpers/cli.ts';

describe('a clip that is to be in a folder under another name, too', () => {
  let folder: string;
  let from: string;
  let to: string;
  beforeEach(() => {
    folder = temporaryFolder();
    mkdirSync(path.join(folder, 'renders'));
    from = path.join(folder, 'renders', 'a_v001.mp4');
    to = path.join(folder, 'delivery', 'sc010', 'a.mp4');
    writeFileSync(from, 'the clip');
  });
  const put = (known: readonly string[] = []) => {
    const hashes = known.map((text) => createHash('sha256').update(text).digest('hex'));
    return placeClip(from, to, (sha256) => hashes.includes(sha256));
  };
  const there = (text: string): void => {
    mkdirSync(path.dirname(to), { recursive: true });
    writeFileSync(to, text);
  };

  it('is linked, and takes no space', async () => {
    expect(await put()).toBe('linked');
    expect(statSync(to).ino).toBe(statSync(from).ino);
    expect(await put()).toBe('present');
  });

  it('is there already where a copy of it is', async () => {
    there('the clip');
    expect(await put()).toBe('present');
  });

  it('takes the place of another clip, and leaves nothing beside it', async () => {
    there('another take');
    expect(await put(['another take'])).toBe('linked');
    expect([readFileSync(to, 'utf8'), readdirSync(path.dirname(to))]).toEqual(['the clip', ['a.mp4']]);
  });

  it('leaves alone what is no clip, and a folder', async () => {
    there('by hand');
    expect(await put(['another take'])).toBe('inTheWay');
    expect(readFileSync(to, 'utf8')).toBe('by hand');
    to = path.dirname(to);
    expect(await put()).toBe('inTheWay');
  });
});
