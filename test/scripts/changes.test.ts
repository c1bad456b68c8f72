import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { gather, problemsOf, readFragment } from '../../scripts/changes/fragments.ts';

const changelog = `# Changelog

Every change.

## 0.2.0, unreleased

### Check

- One.

### Report

- Two
  in two lines.

## 0.1.0

### Check

- Old.
`;

describe('fragments of the changelog', () => {
  it('are gathered into the sections of the newest release, in their order', () => {
    const fragments = ['### Check\n\n- Three.\n- Four\n  goes on.\n', '### New\n\n- Five.\n'].flatMap(
      readFragment,
    );
    expect(gather(changelog, fragments)).toBe(
      changelog
        .replace('- One.\n', '- One.\n- Three.\n- Four\n  goes on.\n')
        .replace('  in two lines.\n', '  in two lines.\n\n### New\n\n- Five.\n'),
    );
  });

  it('leave a changelog without any as it is', () => {
    expect(gather(changelog, [])).toBe(changelog);
  });

  it.each([
    ['no heading', '- One.\n', 'line 1 is no heading'],
    ['nothing below the heading', '### Check\n', 'there is nothing under Check'],
    ['prose', '### Check\n\nOne.\n', 'line 3 is neither'],
    ['a line that goes on without spaces', '### Check\n\n- One\ngoes on\n', 'line 4 is neither'],
    ['a last line without an end', '### Check\n\n- One', 'its last line does not end'],
  ])('with %s are refused', (_, text, problem) => {
    expect(problemsOf(text)[0]).toContain(problem);
  });

  it('that are there are well-formed', () => {
    const folder = path.resolve(import.meta.dirname, '../../changes');
    for (const name of readdirSync(folder).filter((each) => each !== 'README.md'))
      expect([name, problemsOf(readFileSync(path.join(folder, name), 'utf8'))]).toEqual([name, []]);
  });
});
