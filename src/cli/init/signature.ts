import type { CallOf, Signature } from '../command.ts';

export const initSignature = {
  arguments: {
    dir: {
      name: '[dir]',
      summary: 'the folder, made where it is missing; this one if left out',
      completion: 'files',
    },
  },
  options: {
    project: { flags: '--project <name>', summary: "the project's name", default: "the folder's name" },
    title: { flags: '--title <text>', summary: 'the title, for people' },
    model: {
      flags: '--model <id>',
      summary: 'the model of every shot that names none',
      default: 'videos_stable',
      completion: 'models',
    },
    ratio: {
      flags: '--ratio <ratio>',
      summary: 'the ratio of every shot that states none',
      default: "the model's",
    },
    price: {
      flags: '--price <amount>',
      summary: 'what one request costs; with it the storyboard has a budget',
    },
    currency: { flags: '--currency <code>', summary: 'the currency of the price', default: 'CNY' },
    store: {
      flags: '--store <bucket/prefix>',
      summary: 'the S3 bucket, and the folder in it, that files of your own disk go to',
    },
    yes: { flags: '--yes', summary: 'ask nothing, and take what is proposed' },
  },
} as const satisfies Signature;
export type InitCall = CallOf<typeof initSignature>;
