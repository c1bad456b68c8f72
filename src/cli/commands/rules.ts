import { UsageError } from '../../core/errors.ts';
import { didYouMean } from '../../core/suggest.ts';
import { defineCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { columns } from '../render/text.ts';

export const rulesCommand = defineCommand({
  name: 'rules',
  summary: 'explain the lint rules',
  description:
    'Lists the lint rules, or explains one: why it matters, what the provider would do, a bad and a good example.',
  arguments: { id: { name: '[id]', summary: 'the rule, as findings name it', completion: 'rules' } },
  options: {},
  examples: [{ command: 'shotlist rules frame-pair', summary: 'explain one rule' }],
  async execute({ io, color, arguments: { id } }) {
    const { documentedRules, ruleSection } = await import('../../lint/rules-doc.ts');
    if (id === undefined) {
      io.stdout.write(
        columns(
          documentedRules.map((rule) => [rule.id, rule.severity, rule.summary]),
          '',
        ),
      );
      return exitCodes.ok.code;
    }
    const section = await ruleSection(id);
    if (section === undefined) {
      const known = documentedRules.map((rule) => rule.id);
      throw new UsageError(`there is no rule '${id}'`, {
        help: didYouMean(id, known, '`shotlist rules` lists them'),
      });
    }
    if (!io.stdout.isTTY) io.stdout.write(section);
    else {
      const { renderSection } = await import('../render/section.ts');
      io.stdout.write(renderSection(section, { color: color.stdout, width: io.stdout.columns }));
    }
    return exitCodes.ok.code;
  },
});
