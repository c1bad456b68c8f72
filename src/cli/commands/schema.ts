import { UsageError } from '../../core/errors.ts';
import { didYouMean } from '../../core/suggest.ts';
import { publishedSchemas } from '../../project/published-schemas.ts';
import { defineCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';

export const schemaCommand = defineCommand({
  name: 'schema',
  summary: 'print a JSON Schema',
  description:
    'Prints one of the published JSON Schemas, or lists them. Editors complete and check manifests with it.',
  arguments: {
    name: {
      name: '[name]',
      summary: Object.keys(publishedSchemas).join(', '),
      completion: Object.keys(publishedSchemas),
    },
  },
  options: {},
  examples: [
    { command: 'shotlist schema manifest > manifest.schema.json', summary: 'the schema for an editor' },
  ],
  async execute({ io, arguments: { name } }) {
    if (name === undefined) {
      for (const [known, { summary }] of Object.entries(publishedSchemas))
        io.stdout.write(`${known.padEnd(10)} ${summary}\n`);
      return exitCodes.ok.code;
    }
    const schema = Object.hasOwn(publishedSchemas, name) ? publishedSchemas[name] : undefined;
    if (schema === undefined) {
      const known = Object.keys(publishedSchemas);
      throw new UsageError(`there is no schema '${name}'`, {
        help: didYouMean(name, known, `choose one of ${known.join(', ')}`),
      });
    }
    io.stdout.write(`${JSON.stringify(await schema.load(), null, 2)}\n`);
    return exitCodes.ok.code;
  },
});
