import type { LanguageTexts } from '../speak.ts';
import { commands } from './commands.ts';
import { counts } from './counts.ts';
import { findings } from './findings.ts';
import { fields, labels } from './labels.ts';
import { ledger } from './ledger.ts';
import { project } from './project.ts';
import { screens } from './screens.ts';
import { sending } from './sending.ts';
import { spreadsheet } from './spreadsheet.ts';
import { nouns, words } from './words.ts';

/** Everything that the program says, in Chinese. */
export const chinese: LanguageTexts = {
  messages: {
    ...counts,
    ...words,
    ...findings,
    ...sending,
    ...screens,
    ...commands,
    ...project,
    ...ledger,
    ...spreadsheet,
  },
  nouns,
  labels,
  fields,
};
