import { describe, expect, it } from 'vitest';
import { plan } from '../../src/plan/plan.ts';
import { limitSubmissions, select } from '../../src/plan/select.ts';
import { entry, request } from '../helpers/requests.ts';

const requests = [
  request('sc010/sh0010'),
  request('sc010/sh0030:tall', { tags: ['hero'] }),
  request('sc010/sh0030:tall@2', { tags: ['hero'] }),
  request('sc020/sh0010', { tags: ['hero', 'night'] }),
  request('loose'),
];
const keys = (selection: Parameters<typeof select>[1]): readonly string[] =>
  select(requests, selection).map(({ key }) => key);

describe('select', () => {
  it('takes everything without a selection', () => {
    expect(keys({})).toEqual(requests.map(({ key }) => key));
  });

  it('takes every request of a shot whose key is named', () => {
    expect(keys({ only: ['sc010/sh0030'] })).toEqual(['sc010/sh0030:tall', 'sc010/sh0030:tall@2']);
  });

  it('takes one request whose whole key is named', () => {
    expect(keys({ only: ['sc010/sh0030:tall@2'] })).toEqual(['sc010/sh0030:tall@2']);
  });

  it('matches globs on whole keys, a star not crossing into a scene', () => {
    expect(keys({ only: ['sc010/*'] })).toEqual(['sc010/sh0010', 'sc010/sh0030:tall', 'sc010/sh0030:tall@2']);
    expect(keys({ only: ['*'] })).toEqual(['loose']);
    expect(keys({ only: ['**/sh0010'] })).toEqual(['sc010/sh0010', 'sc020/sh0010']);
  });

  it('widens within one kind of criterion and narrows across kinds', () => {
    expect(keys({ scenes: ['sc010', 'sc020'], tags: ['hero'] })).toEqual([
      'sc010/sh0030:tall',
      'sc010/sh0030:tall@2',
      'sc020/sh0010',
    ]);
  });

  it.each([
    [{ only: ['sc010/sh0031'] }, '--only sc010/sh0031 selects nothing', 'did you mean sc010/sh0030?'],
    [{ only: ['sh0010'] }, '--only sh0010 selects nothing', 'did you mean sc010/sh0010 or sc020/sh0010?'],
    [{ only: ['*/*30-x*'] }, '--only */*30-x* selects nothing', 'shotlist plan'],
    [{ only: ['sc010/sh9*'] }, '--only sc010/sh9* selects nothing', 'sc010/sh0010'],
    [{ only: ['**/loose*/*'] }, '--only **/loose*/* selects nothing', 'did you mean loose?'],
    [{ tags: ['heros'] }, '--tag heros selects nothing', 'did you mean hero?'],
    [{ scenes: ['sc01'] }, '--scene sc01 selects nothing', 'did you mean sc010?'],
  ])('refuses a typo rather than doing nothing: %j', (selection, message, suggestion) => {
    expect(() => keys(selection)).toThrow(
      expect.objectContaining({
        message: expect.stringContaining(message),
        help: expect.stringContaining(suggestion),
      }),
    );
  });
});

describe('a selection of which each part selects something, and the whole nothing', () => {
  it.each([
    [{ only: ['loose'], scenes: ['sc010'] }, '--scene sc010 and --only loose exclude each other'],
    [
      { tags: ['night'], scenes: ['sc010'], only: ['loose', '*/sh0030'] },
      '--scene sc010 and --tag night and --only loose --only */sh0030 exclude each other',
    ],
  ])('is refused, with the flags that exclude each other: %j', (selection, message) => {
    expect(() => keys(selection)).toThrow(
      expect.objectContaining({ name: 'UsageError', message: expect.stringContaining(message) }),
    );
  });
});

describe('a pattern that was made to keep the program busy', () => {
  it('is matched at once, or refused', () => {
    const many = [request(`sc010/${'a'.repeat(60)}`)];
    const started = performance.now();
    expect(() => select(many, { only: [`sc010/${'*a'.repeat(40)}b`] })).toThrow('selects nothing');
    expect(() => select(many, { only: ['sc010/+(a|aa)+(a|aa)b'] })).toThrow('selects nothing');
    expect(performance.now() - started).toBeLessThan(2000);
    expect(() => select(many, { only: ['*'.repeat(70_000)] })).toThrow('has 70000 characters');
  });
});

describe('limitSubmissions', () => {
  it('keeps the first submissions and leaves the others out as if not selected', () => {
    const [first] = requests;
    if (first === undefined) throw new TypeError('no requests');
    const full = plan({
      project: 'p',
      manifest: 'm.yaml',
      requests,
      entries: [entry(first)],
      prices: { videos: 2 },
      currency: null,
    });
    const limited = limitSubmissions(full, 2);
    expect(limited.requests.map(({ key, action }) => [key, action])).toEqual([
      ['sc010/sh0010', 'skip'],
      ['sc010/sh0030:tall', 'submit'],
      ['sc010/sh0030:tall@2', 'submit'],
    ]);
    expect(limited.summary).toMatchObject({ requests: 3, submit: 2, cost: 4 });
  });
});
