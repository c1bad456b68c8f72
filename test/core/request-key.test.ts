import { describe, expect, it } from 'vitest';
import {
  belongsTo,
  parseRequestKey,
  shotKey,
  shotKeyOf,
  takeKey,
  variantKey,
  withoutTake,
} from '../../src/core/request-key.ts';
import { fc } from '../helpers/fast-check.ts';

const id = fc.stringMatching(/^[a-z0-9][a-z0-9_.-]{0,8}$/);
const name = fc.record({
  scene: fc.option(id),
  shot: id,
  variant: fc.option(id),
  take: fc.integer({ min: 1, max: 99 }),
});

describe('request keys', () => {
  it('are read back as they were written', () => {
    fc.assert(
      fc.property(name, (parts) => {
        const shot = shotKey(parts);
        const version = variantKey(shot, parts.variant);
        const key = takeKey(version, parts.take);
        expect(parseRequestKey(key)).toEqual(parts);
        expect(shotKeyOf(key)).toBe(shot);
        expect(withoutTake(key)).toBe(version);
        expect([key, version, shot].map((each) => belongsTo(key, each))).toEqual([true, true, true]);
        expect(belongsTo(key, `${shot}0`)).toBe(false);
      }),
    );
  });

  it('belong to their scene, which is written with a slash', () => {
    expect(belongsTo('sc010/sh0010:wide@2', 'sc010/')).toBe(true);
    expect(belongsTo('sc0100/sh0010', 'sc010/')).toBe(false);
    expect(belongsTo('sc010/sh0010', 'sc010')).toBe(false);
  });

  it('of a variant do not belong to a shot of which only the takes are meant', () => {
    expect(belongsTo('card@2', 'card', 'takes')).toBe(true);
    expect(belongsTo('card:wide', 'card', 'takes')).toBe(false);
  });
});
