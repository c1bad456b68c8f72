import { UsageError } from '../../core/errors.ts';
import { didYouMean } from '../../core/suggest.ts';
import { defineCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';

/** The published JSON Schemas, loaded only when one is asked for. */
const schemas: Readonly<Record<string, { readonly summary: string; readonly load: () => Promise<unknown> }>> =
  {
    manifest: {
      summary: 'the manifest and its fragments',
      load: async () => (await import('../../../schemas/manifest.schema.json')).default,
    },
    models: {
      summary: 'a file that extends or overrides the model catalog',
      load: async () => (await import('../../../schemas/models.schema.json')).default,
    },
    plan: {
      summary: 'what plan --format json prints, and plan --out saves',
      load: async () => (await import('../../../schemas/plan.schema.json')).default,
    },
    report: {
      summary: 'the JSON report',
      load: async () => (await import('../../../schemas/report.schema.json')).default,
    },
  };

export const schemaCommand = defineCommand({
  name: 'schema',
  summary: 'print a JSON Schema',
  description:
    'Prints one of the published JSON Schemas, or lists them. Editors complete and check manifests with it.',
  arguments: {
    name: { name: '[name]', summary: Object.keys(schemas).join(', '), completion: Object.keys(schemas) },
  },
  options: {},
  examples: [
    { command: 'shotlist schema manifest > manifest.schema.json', summary: 'the schema for an editor' },
  ],
  async execute({ io, arguments: { name } }) {
    if (name === undefined) {
      for (const [known, { summary }] of Object.entries(schemas))
        io.stdout.write(`${known.padEnd(10)} ${summary}\n`);
      return exitCodes.ok.code;
    }
    const schema = Object.hasOwn(schemas, name) ? schemas[name] : undefined;
    if (schema === undefined) {
      const known = Object.keys(schemas);
      throw new UsageError(`there is no schema '${name}'`, {
        help: didYouMean(name, known, `choose one of ${known.join(', ')}`),
      });
    }
    io.stdout.write(`${JSON.stringify(await schema.load(), null, 2)}\n`);
    return exitCodes.ok.code;
  },
});
