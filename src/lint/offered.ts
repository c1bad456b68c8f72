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
