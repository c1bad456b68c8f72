import { describe, expect, it } from 'vitest';
import { findMojibake } from '../../src/core/mojibake.ts';
import { windows1252Text } from '../../src/core/windows-1252.ts';
import { fc } from '../helpers/fast-check.ts';

/** What a program makes of UTF-8 that it takes for windows-1252, or for Latin-1. */
const asWindows = (text: string): string => windows1252Text(new TextEncoder().encode(text));
const asLatin = (text: string): string => Buffer.from(text).toString('latin1');

describe('text that was decoded twice', () => {
  it.each([
    ['Chinese', '雨夜的街道'],
    ['Japanese', '夜の街を走る少女'],
    ['Korean', '비 오는 밤'],
    ['Russian', 'дождь'],
    ['French', 'caméra à l’épaule'],
    ['German', 'Straße, Müller'],
    ['Spanish', 'niño'],
    ['Hebrew', 'גשם'],
    ['a quotation', 'She says “go”'],
    ['an emoji', 'rain 🌧'],
  ])('is found in %s', (_, text) => {
    expect(findMojibake(asWindows(text))).toBeDefined();
    expect(findMojibake(asLatin(text))).toBeDefined();
    expect(findMojibake(text)).toBeUndefined();
  });

  it('is told with what it was', () => {
    expect(findMojibake(`a ${asWindows('夜晚')} b`)).toEqual({ found: 'å¤œæ™š', meant: '夜晚', index: 2 });
    expect(findMojibake('cafÃ©, noir')).toEqual({ found: 'Ã©', meant: 'é', index: 3 });
  });

  it.each(['ï»¿Scene', 'å¤', 'a\u0085b', 'rain \ufffd', '锟斤拷'])('is found in %j', (text) => {
    expect(findMojibake(text)).toBeDefined();
  });

  it.each([
    '« été…”',
    'CAFÉ»',
    '“É”',
    'MANHÃ»',
    'il a dit « déjà »',
    '90° à 45½',
    'Ærø, Ðorður, Þór',
    'ÀÉÎÕÜ àéîõü ß ñ ç',
    '¿Qué? ¡Olé!',
    '5″ 35 µm ± 2 § 3 © 2026 ® ™',
    'été² (note)',
    '100 € — 50 £',
    'naïve',
    'пример текста',
    'Ωμέγα',
  ])('is not found in %j', (text) => {
    expect(findMojibake(text)).toBeUndefined();
  });

  it('is found whatever the text is, and never in the text itself', () => {
    const scripts = fc.stringMatching(/^[一-龥ぁ-んァ-ヶ가-힣а-яא-ת]{2,12}$/);
    fc.assert(
      fc.property(scripts, (text) => {
        expect(findMojibake(text)).toBeUndefined();
        expect(findMojibake(asWindows(text))).toBeDefined();
        expect(findMojibake(asLatin(text))).toBeDefined();
      }),
    );
  });
});
