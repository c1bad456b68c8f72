// What the lint is measured against: a script that only parses the same file.
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

parse(readFileSync(process.argv[2], 'utf8'));
