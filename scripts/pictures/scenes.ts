import { storyboard } from '../../test/docs/settings.ts';

/** One picture of the terminal, and the commands that make it. */
export interface Scene {
  /** Of the file in docs/images. */
  readonly name: string;
  readonly title: string;
  /** Width of the terminal. */
  readonly columns: number;
  readonly files: Readonly<Record<string, string>>;
  readonly commands: readonly string[];
  /** Answers that are typed at the questions, in order. */
  readonly answers: readonly string[];
}

/** The pictures of the terminal; a test holds that they are what the program prints. */
export const scenes: readonly Scene[] = [
  {
    name: 'lint',
    title: 'shotlist lint: mistakes are found before anything is spent',
    columns: 108,
    files: {
      'storyboard.yaml': storyboard
        .replace('takes: 3', 'takes: 3\n        duration: 50')
        .replace('prompt: The courier looks', 'promt: The courier looks'),
    },
    commands: ['shotlist lint storyboard.yaml'],
    answers: [],
  },
  {
    name: 'run',
    title: 'shotlist run: the plan, its cost, a question; the second time nothing is sent',
    columns: 80,
    files: { 'storyboard.yaml': storyboard },
    commands: ['shotlist run storyboard.yaml', 'shotlist run storyboard.yaml'],
    answers: ['y'],
  },
];
