import { describe, expect, it } from 'vitest';
import { clipNames, defaultNameTemplate, type NameSubject } from '../../src/collect/file-names.ts';
import { UsageError } from '../../src/core/errors.ts';
import { fc } from '../helpers/fast-check.ts';

function subject(key: string, more: Partial<NameSubject> = {}): NameSubject {
  const [, scene, shot = '', variant, take] =
    /^(?:([^/]+)\/)?([^:@]+)(?::([^@]+))?(?:@(\d+))?$/.exec(key) ?? [];
  return {
    ...{ key, project: 'alley', scene: scene ?? null, shot, variant: variant ?? null },
    ...{ take: Number(take ?? 1), model: 'videos' },
    ...more,
  };
}

const nameOf = (key: string, template = defaultNameTemplate, version = 1): string =>
  clipNames([subject(key)], template)(subject(key), version);

describe('clip names', () => {
  it.each([
    ['sc010/sh0030:tall@2', 'sc010_sh0030_tall_t02_v001'],
    ['sc010/sh0030:tall', 'sc010_sh0030_tall_v001'],
    ['sc010/sh0030@12', 'sc010_sh0030_t12_v001'],
    ['sh1', 'sh1_v001'],
  ])('come from the key: %s', (key, name) => {
    expect(nameOf(key)).toBe(name);
  });

  it.each([
    ['{scene}/{shot}-{variant}-{version}', 'sc010/sh1', 'sc010/sh1-v001'],
    ['{scene}/{shot}-{variant}-{version}', 'sh1', 'sh1-v001'],
    ['{variant} {shot}', 'sh1', 'sh1'],
    ['{project}.{shot}.{take}', 'sc010/sh1', 'alley.sh1'],
    ['cut/{model}/{version}_{shot}', 'sh1', 'cut/videos/v001_sh1'],
  ])('follow a template, whose empty parts drop with their separators: %s', (template, key, name) => {
    expect(nameOf(key, template)).toBe(name);
  });

  it('number the versions, also where the template does not', () => {
    expect(nameOf('sh1', defaultNameTemplate, 2)).toBe('sh1_v002');
    expect(nameOf('sh1', '{shot}', 2)).toBe('sh1_v002');
    expect(nameOf('sh1', '{shot}', 1)).toBe('sh1');
  });

  it.each([
    ['a/b_c', 'a_b/c'],
    ['SH1', 'sh1'],
    ['sh1_t02', 'sh1@2'],
    ['a/b:c', 'a/b_c'],
  ])('differ also on a disk that knows no case: %s and %s', (one, other) => {
    const subjects = [subject(one), subject(other), subject('free')];
    const name = clipNames(subjects, defaultNameTemplate);
    const names = subjects.map((each) => name(each, 1).toLowerCase());
    expect(new Set(names).size).toBe(3);
    expect(names[2]).toBe('free_v001');
    expect(names[0]).toMatch(/_[0-9a-f]{6}_v001$/);
    // The same whatever else is named, so that a name does not move.
    expect(name(subject(one), 1)).toBe(
      clipNames([...subjects].reverse(), defaultNameTemplate)(subject(one), 1),
    );
  });

  it.each([
    ['con', '_con'],
    ['CON.1', '_CON.1'],
    ['lpt1', '_lpt1'],
    ['console', 'console'],
    ['sh1.', 'sh1'],
  ])('are no names that Windows keeps for itself: %s', (shot, name) => {
    expect(nameOf(shot, '{shot}')).toBe(name);
  });

  it.each([
    '{shot',
    '{shot}}',
    '{shto}',
    '{scene}',
    '/{shot}',
    '../{shot}',
    '{scene}/../{shot}',
    'C:{shot}',
    'a\\{shot}',
    '',
  ])('refuse the template %j', (template) => {
    expect(() => clipNames([], template)).toThrow(UsageError);
  });

  it('suggest the nearest placeholder', () => {
    expect(() => clipNames([], '{shto}')).toThrow(/did you mean \{shot\}\?/);
  });

  it('stay inside the folder, short and distinct, whatever a manifest says', () => {
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 300 });
    const any = fc.record({
      key: fc.uuid(),
      project: text,
      scene: fc.option(text),
      shot: text,
      variant: fc.option(text),
      take: fc.integer({ min: 1, max: 99 }),
      model: text,
    });
    const templates = fc.constantFrom(
      defaultNameTemplate,
      '{model}/{scene}/{shot}_{take}_{version}',
      '{shot}',
    );
    fc.assert(
      fc.property(
        fc.uniqueArray(any, { selector: ({ key }) => key, maxLength: 20 }),
        templates,
        (all, template) => {
          const name = clipNames(all, template);
          const names = all.map((each) => name(each, 1));
          for (const segment of names.flatMap((each) => each.split('/'))) {
            expect(Buffer.byteLength(segment)).toBeLessThanOrEqual(235);
            // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what a name must not hold.
            expect(segment).not.toMatch(/[\\:*?"<>|\x00-\x1f]|^\.|[. ]$|^$/);
          }
          expect(new Set(names.map((each) => each.normalize('NFC').toLowerCase())).size).toBe(all.length);
        },
      ),
      { numRuns: 300 },
    );
  });
});
