import type { Messages } from '../template.ts';

/** Everything that the program says, in Chinese. */
export const chinese: Messages = {};
