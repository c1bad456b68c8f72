import { tooMany } from '../too-many.ts';

export const tooManyImages = tooMany('too-many-images', {
  list: 'referenceImages',
  model: 'videos_stable',
  urls: [
    'https://cdn.example.com/mika-1.png',
    'https://cdn.example.com/mika-2.png',
    'https://cdn.example.com/mika-3.png',
    'https://cdn.example.com/mika-4.png',
    'https://cdn.example.com/mika-5.png',
  ],
});
