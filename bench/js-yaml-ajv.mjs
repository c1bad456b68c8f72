// What the lint is measured against: js-yaml and ajv alone, which know neither places nor rules.
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { load } from 'js-yaml';

const schema = JSON.parse(readFileSync(new URL('../schemas/manifest.schema.json', import.meta.url), 'utf8'));
const validate = new Ajv({ allErrors: true, strict: false, validateFormats: false }).compile(schema);
if (!validate(load(readFileSync(process.argv[2], 'utf8')))) process.exitCode = 1;
