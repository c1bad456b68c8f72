import type { RuleContext } from './rule.ts';
import type { ReferenceList } from './words.ts';
import { count, listNouns, names } from './words.ts';

/** Reports a list that holds more than its version's model takes, at the first item too many. */
export function checkCount({ subjects, catalog, report }: RuleContext, list: ReferenceList): void {
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
