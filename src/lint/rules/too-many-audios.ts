import { tooMany } from '../too-many.ts';

export const tooManyAudios = tooMany('too-many-audios', {
  list: 'referenceAudios',
  model: 'videos_stable',
  beside: '    referenceImages:\n      - https://cdn.example.com/mika.png\n',
  urls: ['https://cdn.example.com/mika-1.mp3', 'https://cdn.example.com/mika-2.mp3'],
});
