import { tooMany } from '../too-many.ts';

export const tooManyVideos = tooMany('too-many-videos', {
  list: 'referenceVideos',
  model: 'videos',
  urls: [
    'https://cdn.example.com/mika-1.mp4',
    'https://cdn.example.com/mika-2.mp4',
    'https://cdn.example.com/mika-3.mp4',
    'https://cdn.example.com/mika-4.mp4',
  ],
});
