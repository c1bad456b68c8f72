/** @import { PageRow } from '../page-data.ts' */

/** @typedef {PageRow['status']} State */

/**
 * The states in the order in which people ask for them: what is done, what is on its way, what is wrong.
 *
 * @type {Readonly<Record<State, { readonly label: string, readonly meaning: string }>>}
 */
export const states = {
  completed: { label: 'completed', meaning: 'The clip is finished at the provider.' },
  processing: { label: 'processing', meaning: 'The provider is working on it.' },
  queued: { label: 'queued', meaning: 'The provider has it, and has not begun.' },
  sending: { label: 'sending', meaning: 'A run was sending it when this page was written.' },
  pending: { label: 'pending', meaning: 'Nothing was sent, or nothing that arrived.' },
  inDoubt: {
    label: 'in doubt',
    meaning:
      'It was sent, and no answer told what became of it. It may have been paid for, so it is never sent again by itself.',
  },
  refused: { label: 'refused', meaning: 'The provider said no, and made no task.' },
  failed: { label: 'failed', meaning: 'The task ended without a clip.' },
  abandoned: { label: 'abandoned', meaning: 'Somebody gave it up.' },
};

export const stateOrder = /** @type {readonly State[]} */ (Object.keys(states));

export const supersededMeaning =
  'The manifest no longer asks for this request: it was edited, removed or skipped after it was sent.';
