import { count } from '../core/count.ts';
import type { Rule, RuleContext } from './rule.ts';
import type { ReferenceList } from './words.ts';
import { listNouns, names } from './words.ts';

/** Parts of the rule's examples, beside the list that is too long. */
interface Example {
  readonly list: ReferenceList;
  /** A model that takes all `urls` but the last. */
  readonly model: string;
  readonly urls: readonly string[];
  /** Further lines of the shot. */
  readonly beside?: string;
}

/** The rule that a list holds no more than its version's model takes. */
export function tooMany(id: string, { list, model, urls, beside = '' }: Example): Rule {
  const noun = `${listNouns[list]}s`;
  const example = (items: readonly string[]): string => `version: 1
project: demo
shots:
  - id: sh0010
    model: ${model}
    duration: 5
    prompt: Mika crosses the alley, handheld camera, rain
${beside}    ${list}:
${items.map((url) => `      - ${url}\n`).join('')}`;
  return {
    id,
    severity: 'error',
    summary: `There are more ${noun} than the model takes`,
    why: `Each model takes a number of ${noun} of its own.`,
    provider: 'Refuses the request: it does not leave out what is too many.',
    bad: example(urls),
    good: example(urls.slice(0, -1)),
    check(context) {
      checkCount(context, list);
    },
  };
}

/** Reports a list that holds more than its version's model takes, at the first item too many. */
function checkCount({ subjects, catalog, report }: RuleContext, list: ReferenceList): void {
  for (const { version, model } of subjects) {
    const items = version.parameters[list]?.value;
    if (items === undefined || model === undefined) continue;
    const { maxItems } = model[list];
    const excess = items[maxItems];
    if (excess === undefined) continue;
    const noun = listNouns[list];
    const roomier = [...catalog.values()].filter((other) => other[list].maxItems >= items.length);
    const elsewhere =
      roomier.length === 0
        ? ''
        : `; ${names(
            roomier.map(({ id }) => id),
            'or',
          )} would take ${items.length === 1 ? 'it' : 'them all'}`;
    report(
      {
        message: `${count(items.length, noun)}, and \`${model.id}\` takes ${maxItems === 0 ? 'none' : `at most ${maxItems}`}`,
        help: `${items.length === 1 ? 'Remove it' : `Remove ${items.length - maxItems} of them`}${elsewhere}`,
        origin: excess.stated,
        mark: 'value',
      },
      version,
    );
  }
}
