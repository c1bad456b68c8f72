import type { Messages } from '../template.ts';
import { counts } from './counts.ts';
import { findings } from './findings.ts';
import { sending } from './sending.ts';

/** Everything that the program says, in Chinese. */
export const chinese: Messages = { ...counts, ...findings, ...sending };
