/** A fault that is planted in the program, to see that the simulator finds it. */
export interface Mutant {
  readonly name: string;
  /** From the project's root. */
  readonly file: string;
  /** Stands in the file once. */
  readonly find: string;
  readonly replace: string;
}

const claim = 'src/ledger/decide/claim.ts';
const reserve = 'src/ledger/decide/reserve.ts';
const takeIn = 'src/ledger/decide/take-in.ts';
const fold = 'src/ledger/model/fold.ts';
const attempts = 'src/ledger/model/attempts.ts';
const filing = 'src/ledger/model/filing.ts';
const plan = 'src/plan/plan.ts';
const run = 'src/run/run.ts';

export const mutants: readonly Mutant[] = [
  // Faults of release 0.1.0, planted again.
  {
    name: 'two-renames-leave-a-hole',
    file: filing,
    find: '    file(event, movers.length > 0 ? movers : passed);',
    replace: '    file(event, movers);',
  },
  {
    name: 'a-rename-during-a-run-is-not-seen',
    file: claim,
    find: 'const isRenamed = renamesOf(all, place) !== wish.renames;',
    replace: 'const isRenamed = false;',
  },
  {
    name: 'a-rename-takes-what-a-live-run-has-reserved',
    file: 'src/ledger/decide/adopt.ts',
    find: 'if (!live) continue;',
    replace: 'continue;',
  },
  {
    name: 'the-clock-decides-what-came-first',
    file: 'src/ledger/model/order.ts',
    find: 'return this.#pastOf(later.id).has(earlier.id);',
    replace: 'return false;',
  },
  {
    name: 'a-refusal-hides-a-paid-task',
    file: fold,
    find: '    states.findLast(({ attempt }) => attempt.task !== null) ??\n',
    replace: '',
  },
  {
    name: 'the-latest-answer-counts-not-the-costliest',
    file: attempts,
    find: 'costliest.indexOf(a.outcome.kind) - costliest.indexOf(b.outcome.kind) || byAge(a, b)',
    replace: 'byAge(b, a)',
  },
  {
    name: 'hearsay-frees-a-doubt',
    file: 'src/ledger/model/decisions.ts',
    find: 'if (!claim.here || said.here) return false;',
    replace: 'return false;',
  },
  {
    name: 'a-journal-only-after-a-graceful-end',
    file: 'src/project/journal.ts',
    find: '    if (this.#use === null) return Promise.resolve();\n    if (this.#next !== null)',
    replace: '    if (this.#use !== null) return Promise.resolve();\n    if (this.#next !== null)',
  },
  {
    name: 'a-journal-is-read-changed-and-put-back',
    file: 'src/project/journal-file.ts',
    find: 'await this.#files.append(this.#file, end + lines);',
    replace:
      "await this.#files.write(this.#file, (await this.#files.read(this.#file).catch(() => '')) + end + lines);",
  },
  {
    name: 'a-note-that-the-journal-is-complete-is-believed',
    file: 'src/project/journal.ts',
    find: 'const isTrue = noted?.digest === file.digest && (await ledger.holdsJournal(file.digest));',
    replace: 'const isTrue = noted !== null;',
  },
  {
    name: 'a-storyboard-in-another-folder-has-no-past',
    file: 'src/project/left-behind.ts',
    find: 'if (options.journal === false || isRehearsalScope(scope.provider)) return null;',
    replace: 'if (options !== undefined) return null;',
  },
  {
    name: 'a-project-and-file-of-other-names-have-no-past',
    file: 'src/project/folder-journals.ts',
    find: 'if (others.length === 0) return [];',
    replace: 'if (others.length >= 0) return [];',
  },
  // Faults of the plan.
  {
    name: 'a-doubt-does-not-block',
    file: plan,
    find: "if (sameKey.some(({ state }) => state === 'inDoubt')) return { action: 'blocked', reason: 'inDoubt' };",
    replace: '',
  },
  {
    name: 'what-is-renamed-does-not-block',
    file: plan,
    find: "if (paidAs !== undefined && again !== 'submit') return { action: 'blocked', reason: 'renamed', paidAs };",
    replace: '',
  },
  {
    name: 'what-is-complete-is-sent-again',
    file: plan,
    find: "      return { action: again, reason: entry.state };\n    case 'failed':",
    replace: "      return newOrChanged(request, sameKey);\n    case 'failed':",
  },
  {
    name: 'a-failure-is-retried-unasked',
    file: plan,
    find: "retryFailed === true ? 'submit' : again",
    replace: "'submit'",
  },
  {
    name: 'only-one-name-that-is-gone-is-remembered',
    file: plan,
    find: 'paid.filter(({ key }) => !here.has(key))',
    replace: 'paid.filter(({ key }) => !here.has(key)).slice(0, 1)',
  },
  // Faults of the run.
  {
    name: 'a-doubt-is-sent-again',
    file: run,
    find: "settled.kind === 'throttled' ||\n",
    replace: "settled.kind === 'throttled' || settled.kind === 'inDoubt' ||\n",
  },
  {
    name: 'a-doubt-is-taken-for-not-sent',
    file: run,
    find: "      case 'inDoubt':\n        this.#doubtsInARow += 1;",
    replace:
      "      case 'inDoubt':\n        return { kind: 'notSent', code: outcome.code, error: outcome.error };\n        this.#doubtsInARow += 1;",
  },
  // Faults of the decisions.
  {
    name: 'a-claim-is-not-held-against-what-the-plan-saw',
    file: claim,
    find: 'if (!unsettled && !isRenamed && state === seen.state && attempts === seen.attempts) return;',
    replace: 'if (!isRenamed) return;',
  },
  {
    name: 'a-claim-ignores-attempts',
    file: claim,
    find: 'state === seen.state && attempts === seen.attempts) return;',
    replace: 'state === seen.state) return;',
  },
  {
    name: 'an-edited-shot-does-not-wait-for-a-doubt',
    file: claim,
    find: "if (state !== 'sending' && state !== 'inDoubt') return;",
    replace: 'return;',
  },
  {
    name: 'a-dead-run-has-never-sent',
    file: fold,
    find: "return isLive(attempt.runId) ? 'sending' : 'inDoubt';",
    replace: "return isLive(attempt.runId) ? 'sending' : 'pending';",
  },
  {
    name: 'a-live-run-is-taken-for-dead',
    file: fold,
    find: "return isLive(attempt.runId) ? 'sending' : 'inDoubt';",
    replace: "return 'inDoubt';",
  },
  {
    name: 'a-doubt-reads-as-refused',
    file: fold,
    find: "      return 'refused';\n    default:\n      return 'inDoubt';",
    replace: "      return 'refused';\n    default:\n      return 'refused';",
  },
  {
    name: 'doubts-cost-nothing',
    file: fold,
    find: "attempt.outcome === null || attempt.outcome.kind === 'accepted' || attempt.outcome.kind === 'inDoubt'",
    replace: "attempt.outcome?.kind === 'accepted'",
  },
  {
    name: 'what-other-runs-reserved-is-not-counted',
    file: reserve,
    find: 'reserved: outstanding(facts, live, others),',
    replace: 'reserved: [],',
  },
  {
    name: 'a-budget-is-counted-one-short',
    file: 'src/ledger/decide/spending.ts',
    find: 'if (total <= limit) return;',
    replace: 'if (total <= limit + 1) return;',
  },
  {
    name: 'an-answer-is-filed-with-any-claim-of-its-run',
    file: 'src/ledger/decide/settle.ts',
    find: '        event.attempt === attempt &&\n        event.place.key === key &&',
    replace: '        event.attempt === attempt &&',
  },
  {
    name: 'a-persons-word-settles-a-live-claim',
    file: 'src/ledger/decide/resolve.ts',
    find: 'refuseUnfit(key, attempt, attempts, resolution, facts);',
    replace: '',
  },
  // Faults of history that moves.
  {
    name: 'answers-of-other-ledgers-are-not-taken-in',
    file: takeIn,
    find: '.filter(({ id }) => !facts.known.has(id))',
    replace: ".filter(({ id, type }) => !facts.known.has(id) && type !== 'settled')",
  },
  {
    name: 'claims-of-other-ledgers-are-not-taken-in',
    file: takeIn,
    find: '.filter(({ id }) => !facts.known.has(id))',
    replace: ".filter(({ id, type }) => !facts.known.has(id) && type === 'adopted')",
  },
  {
    name: 'a-rename-takes-what-was-sent-after-it',
    file: filing,
    find: 'if (causality.knows(claim, adoption)) return false;',
    replace: '',
  },
  {
    name: 'what-was-renamed-stays-where-it-was',
    file: 'src/ledger/decide/refile.ts',
    find: 'if (place === undefined || isSamePlace(place, request)) continue;',
    replace: 'continue;',
  },
  {
    name: 'every-journal-counts-as-known',
    file: 'src/ledger/reader-on.ts',
    find: 'return (await this.#backend.load({ journal: digest })).holdsJournal;',
    replace: 'return true;',
  },
];
