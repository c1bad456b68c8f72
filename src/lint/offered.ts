import { valueSpan } from '../manifest/locate.ts';
import type { Fix, Origin } from '../manifest/model.ts';
import { meantValue } from './meant-value.ts';
import type { RuleContext } from './rule.ts';
import { names, shown } from './words.ts';

/** Reports values that a model does not offer, with those that it does, and the models that offer this one. */
export function checkOffered({ subjects, catalog, report }: RuleContext, name: 'ratio' | 'resolution'): void {
  for (const { version, model } of subjects) {
    const parameter = version.parameters[name];
    if (parameter === undefined || model === undefined) continue;
    const { value, origin } = parameter;
    const { values } = model[name];
    if (values.includes(value)) continue;
    const others = [...catalog.values()].filter((other) => other[name].values.includes(value));
    const elsewhere =
      others.length === 0
        ? ''
        : `, or the model ${names(
            others.map(({ id }) => id),
            'or',
          )}, which offers it`;
    const meant = meantValue(value, values);
    if (meant !== undefined) {
      report(
        {
          message: `The ${name} holds ${meant.character}, which makes it another value`,
          help: `Write \`"${meant.meant}"\``,
          origin,
          mark: 'value',
          fix: written(origin, value, meant.meant),
        },
        version,
      );
      continue;
    }
    report(
      {
        message: `\`${model.id}\` does not offer the ${name} ${shown(value)}`,
        help: `Use ${names(values, 'or')}${elsewhere}`,
        origin,
        mark: 'value',
      },
      version,
    );
  }
}

/** Writes the value that was meant where the other stands as it is: a reference to it is mended where it points to. */
function written(origin: Origin, value: string, meant: string): Fix | undefined {
  const span = valueSpan(origin);
  if (span === undefined) return undefined;
  const text = origin.source.text.slice(span.start, span.end);
  if (text !== value && text !== `"${value}"` && text !== `'${value}'`) return undefined;
  return { title: `Write "${meant}"`, edits: [{ ...span, text: `"${meant}"` }] };
}
