import { UsageError } from '../../core/errors.ts';
import { didYouMean } from '../../core/suggest.ts';
import { readCatalog } from '../../project/catalog.ts';
import { defineCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { modelsOption } from '../options.ts';
import { columns } from '../render/text.ts';

export const modelsCommand = defineCommand({
  name: 'models',
  summary: 'show the models and their limits',
  description: 'Lists the models with the limits that the lint goes by, or shows one of them.',
  arguments: {
    id: { name: '[id]', summary: "the model, as a manifest's `model` names it", completion: 'models' },
  },
  options: modelsOption,
  examples: [
    { command: 'shotlist models', summary: 'every model' },
    {
      command: 'shotlist models videos --models models.local.json',
      summary: 'one, as your own file makes it',
    },
  ],
  async execute(call) {
    const { io } = call;
    const [{ limitsOf }, catalog] = await Promise.all([
      import('../../catalog/models-doc.ts'),
      readCatalog(call.options.models, call.io.cwd),
    ]);
    const { id } = call.arguments;
    const wanted = id === undefined ? [...catalog.values()] : [catalog.get(id)];
    const sections = wanted.map((model) => {
      if (model === undefined) throw unknownModel(String(id), catalog.keys());
      return `${model.id}  ${model.title}\n${columns(limitsOf(model))}`;
    });
    io.stdout.write(sections.join('\n'));
    return exitCodes.ok.code;
  },
});

function unknownModel(id: string, known: Iterable<string>): UsageError {
  return new UsageError(`there is no model '${id}' in the catalog`, {
    help: didYouMean(id, known, '`shotlist models` lists them'),
  });
}
