import { describe, expect, it } from 'vitest';
import { ShotlistError, UsageError } from '../../src/core/errors.ts';
import { failureKinds } from '../../src/emulator/failure-kinds.ts';
import { describeFailures, parseFailures } from '../../src/emulator/failures.ts';

const create = { target: 'create', value: null, billed: false, when: { by: 'always' }, times: null };

function thrown(text: string): ShotlistError {
  try {
    parseFailures(text);
  } catch (error) {
    if (error instanceof ShotlistError) return error;
    throw error;
  }
  throw new Error(`“${text}” was taken`);
}

describe('the language of failures', () => {
  it.each<[string, object]>([
    ['5xx:3%', { ...create, kind: '5xx', when: { by: 'chance', probability: 0.03 } }],
    ['503', { ...create, kind: '503' }],
    ['status500#5', { ...create, kind: '500', when: { by: 'position', from: 5, to: 5 } }],
    [
      '429=2:over30/min',
      { ...create, kind: '429', value: '2', when: { by: 'rate', limit: 30, windowMs: 60_000 } },
    ],
    ['429=date+30:over8', { ...create, kind: '429', value: 'date+30', when: { by: 'inFlight', limit: 8 } }],
    ['429=-1#5-9', { ...create, kind: '429', value: '-1', when: { by: 'position', from: 5, to: 9 } }],
    ['reset@12', { ...create, kind: 'reset', when: { by: 'every', n: 12 } }],
    [
      'connect/reset:0.5%',
      { ...create, target: 'connect', kind: 'reset', when: { by: 'chance', probability: 0.005 } },
    ],
    ['lost', { ...create, kind: 'lost', billed: true }],
    [
      'lost=reset+unbilled:1%',
      { ...create, kind: 'lost', value: 'reset', when: { by: 'chance', probability: 0.01 } },
    ],
    ['hang+billed*3', { ...create, kind: 'hang', billed: true, times: 3 }],
    ['400~neon alley*2', { ...create, kind: '400', when: { by: 'text', text: 'neon alley' }, times: 2 }],
    ['query/401*2', { ...create, target: 'query', kind: '401', times: 2 }],
    ['in-data="200"', { ...create, kind: 'in-data', value: '"200"', billed: true }],
  ])('reads %s', (text, spec) => {
    expect(parseFailures(text)).toEqual([{ ...spec, text }]);
  });

  it('reads several in their order, and nothing as none', () => {
    expect(parseFailures('5xx:3%, lost:1% ,429').map(({ text }) => text)).toEqual([
      '5xx:3%',
      'lost:1%',
      '429',
    ]);
    expect(parseFailures(' , ')).toEqual([]);
  });

  it.each([
    ['lots:1%', 'There is no failure lots', 'Did you mean lost?'],
    ['qurey/401', 'Nothing is called qurey', 'Did you mean query/?'],
    ['200:x', 'is not a failure', '[TARGET/]KIND'],
    ['600', 'There is no failure 600', 'an HTTP status'],
    ['304', 'There is no failure 304', 'an HTTP status'],
    ['lost:101%', 'at most 100%', undefined],
    ['lost@0', 'count from 1', undefined],
    ['lost#9-5', 'runs backwards', undefined],
    ['login=5', 'takes no value', undefined],
    ['lost=softly', 'lost=softly', 'lost=reset'],
    ['id-at=204', 'not an HTTP status', undefined],
    ['late=soon', 'not a delay', '50-400ms'],
    ['429=später', 'HTTP header', undefined],
    ['clip/no-id', 'does not happen to clip', 'It happens to create: write create/no-id.'],
    ['url-name:3%', 'does not happen to create', 'It happens to query: write query/url-name:3%.'],
    ['login+billed', 'never billed', '+billed'],
    ['cut+unbilled', 'always billed', '+unbilled'],
    ['query/hang+billed', 'only a create call is billed', undefined],
    ['reset~neon', 'before the request is read', 'lost=reset+unbilled'],
    ['connect/reset:over3', 'not counted in flight', 'reset:over3'],
    ['connect/reset~neon', 'before the request is read', undefined],
  ])('refuses %s and says what to write', (text, message, help) => {
    const error = thrown(text);
    expect(error).toBeInstanceOf(UsageError);
    expect(error.message).toContain(message);
    if (help !== undefined) expect(error.help).toContain(help);
  });

  it('is explained in full, in lines that fit', () => {
    const text = describeFailures();
    for (const kind of failureKinds) expect(text).toContain(`\n${kind.name} `);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(110);
  });
});
