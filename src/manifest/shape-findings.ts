import { namedCharacter } from '../core/characters.ts';
import { nearest, onlyNear } from '../core/suggest.ts';
import { isParameter, meantKey, ownKeyOf, shotPlaces } from './foreign-keys.ts';
import { keySpan, renamed, valueSpan, writtenAt } from './locate.ts';
import type { Finding, Fix, Mark, Path, Source } from './model.ts';
import { inheritedKeys, legacySpelling } from './parameters.ts';
import type { Problem } from './problem.ts';
import { findingAt } from './problem.ts';
import type { ShapeError } from './validate.ts';
import { shortened, wrongTypeWords } from './wrong-type.ts';

/** A mistake of shape in words for someone who has never seen a schema. */
export function shapeFinding(source: Source, error: ShapeError, key: string | undefined): Finding {
  const { path, mark, problem, meant } = explain(source, error);
  const edit = meant === undefined ? undefined : renamed({ source, path }, meant);
  const fix = edit === undefined ? unquoted(source, error) : { title: `Write \`${meant}\``, edits: [edit] };
  return {
    ...findingAt({ source, path }, mark, problem, key === undefined ? {} : { key }),
    ...(fix === undefined ? {} : { fix }),
  };
}

/** A number in quotes where a number belongs: the quotes alone are wrong. */
function unquoted(source: Source, { keyword, path, params }: ShapeError): Fix | undefined {
  const wanted = keyword === 'const' ? typeof params['allowedValue'] : params['type'];
  if (wanted !== 'integer' && wanted !== 'number') return undefined;
  const span = valueSpan({ source, path });
  const text = source.text.slice(span?.start, span?.end);
  const number = /^(["'])(0|[1-9]\d*)\1$/.exec(text)?.[2];
  if (span === undefined || number === undefined) return undefined;
  if (keyword === 'const' && number !== String(params['allowedValue'])) return undefined;
  return { title: 'Remove the quotes', edits: [{ ...span, text: number }] };
}

interface Explained {
  readonly path: Path;
  readonly mark: Mark;
  readonly problem: Problem;
  /** The key that can only have been meant. */
  readonly meant?: string | undefined;
}

function explain(source: Source, error: ShapeError): Explained {
  const { path } = error;
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownKey(source, error);
    case 'required':
      return missingKey(error);
    case 'name':
      return {
        path,
        mark: 'key',
        problem: shape(
          `\`${shortened(path.at(-1))}\` cannot be a name here`,
          `A name is made of ${error.schema['patternErrorMessage']}`,
        ),
      };
    default:
      return { path, mark: 'value', problem: wrongValue(source, error) };
  }
}

function shape(message: string, help: string): Problem {
  return { rule: 'schema', message, help };
}

function unknownKey(source: Source, error: ShapeError): Explained {
  const key = String(error.params['additionalProperty']);
  const known = Object.keys((error.schema['properties'] as object | undefined) ?? {});
  const place = String(error.schema['title'] ?? '').toLowerCase();
  return {
    path: [...error.path, key],
    mark: 'key',
    meant: misplaced(key, place) === undefined ? meantAlone(source, error, key, known) : undefined,
    problem: {
      rule: 'unknown-key',
      message: `\`${shortened(key)}\` is not a key of ${article(place)}`,
      help: misplaced(key, place) ?? wideColon(key) ?? keyHelp(key, known, place),
    },
  };
}

/** `prompt：rain` inside braces is a key without a value. */
function wideColon(key: string): string | undefined {
  return key.includes('：')
    ? `It holds ${namedCharacter('：')}: write \`: \`, a colon and a space`
    : undefined;
}

function keyHelp(key: string, known: readonly string[], place: string): string {
  const ofAShot = shotPlaces.has(place);
  const own = ofAShot ? ownKeyOf(key, known) : undefined;
  if (own === 'first_image') {
    return 'Here it is called `first_image`, with a `last_image` beside it; a picture to follow goes into `referenceImages`';
  }
  if (own !== undefined) return `Here it is called \`${own}\``;
  const near = meantKey(key, known, place);
  if (near !== undefined) return `Did you mean \`${near}\`?`;
  if (!ofAShot) {
    return `The keys here are ${known.map((name) => `\`${name}\``).join(', ')}; keys of your own begin with \`x-\``;
  }
  return isParameter(key)
    ? `A parameter that has no key of its own goes under \`extra\`, where it is sent as it stands: \`extra: { ${key}: … }\``
    : `A parameter for the provider goes under \`extra\`; a key of your own begins with \`x-\`. \`shotlist schema manifest\` has all keys`;
}

const legacyKeys: ReadonlySet<string> = new Set(Object.values(legacySpelling));

/** The key that an unknown one can only have been meant to be, unless it is there already, or meant by another too. */
function meantAlone(
  source: Source,
  { path, keys = [] }: ShapeError,
  key: string,
  known: readonly string[],
): string | undefined {
  const meant = renamedBySome(source, [...path, key], known) ?? onlyNear(key, known);
  if (meant === undefined || legacyKeys.has(meant)) return undefined;
  if (keySpan({ source, path: [...path, meant] }) !== undefined) return undefined;
  const isKnown = new Set(known);
  const others = keys.filter((other) => other !== key && !isKnown.has(other));
  return others.some((other) => onlyNear(other, known) === meant) ? undefined : meant;
}

/** The key under another tool's name, where its value can stand as it is. */
function renamedBySome(source: Source, path: Path, known: readonly string[]): string | undefined {
  const own = known.includes('duration') ? ownKeyOf(String(path.at(-1)), known) : undefined;
  const written = own === 'ratio' || own === 'duration' ? writtenAt(source, path) : undefined;
  if (own === 'duration') return /^[1-9]\d*$/.test(written ?? '') ? own : undefined;
  return own === 'ratio' && written !== undefined ? own : undefined;
}

const manifestOnly = new Set([
  'version',
  'project',
  'title',
  'defaults',
  'run',
  'budget',
  'models',
  'approvers',
  'qc',
]);
const ofOneShot = new Set(['id', 'title', 'notes', 'takes', 'skip', 'variants']);

/** Says where a key belongs that is known elsewhere. */
function misplaced(key: string, place: string): string | undefined {
  if (inheritedKeys.has(key) && (place === 'manifest' || place === 'scene')) {
    return `Put \`${key}\` under \`defaults\`, for every shot that does not state its own`;
  }
  if (inheritedKeys.has(key) && place === 'fragment') {
    return `Put \`${key}\` under \`defaults\` of a scene or of the manifest`;
  }
  if (manifestOnly.has(key) && place === 'fragment') {
    return `Only the manifest itself has \`${key}\`; a fragment has \`vars\`, \`assets\`, \`include\`, \`scenes\` and \`shots\``;
  }
  if (ofOneShot.has(key) && place === 'defaults') return `\`${key}\` belongs to one shot and has no default`;
  if (key === 'variants' && place === 'variant') return 'A variant has no variants of its own';
  if (key === 'id' && place === 'variant') return 'A variant is named by its key';
  return undefined;
}

function missingKey(error: ShapeError): Explained {
  const key = String(error.params['missingProperty']);
  const place = String(error.schema['title'] ?? '').toLowerCase();
  const example = key === 'version' ? 'version: 1' : key === 'project' ? 'project: neon-alley' : undefined;
  const id = place === 'scene' ? 'id: sc010' : 'id: sh0010';
  return {
    path: error.path,
    mark: 'item',
    problem: shape(
      `\`${key}\` is missing from ${place === 'manifest' ? 'the manifest' : `this ${place}`}`,
      `Write for example \`${example ?? id}\``,
    ),
  };
}

function wrongValue(source: Source, error: ShapeError): Problem {
  const name = nameOf(error.path, String(error.schema['title'] ?? 'file').toLowerCase());
  const { params, value } = error;
  const reference = typeof value === 'string' && value.includes('${');
  switch (error.keyword) {
    case 'type':
      return shape(...wrongTypeWords(source, error, name));
    case 'enum':
    case 'const': {
      const allowed =
        error.keyword === 'const' ? [params['allowedValue']] : (params['allowedValues'] as unknown[]);
      if (isQuoted(value, allowed)) {
        return shape(
          `${name} must be the number ${value}, and in quotes it is text`,
          `Remove the quotes: ${String(error.path.at(-1))}: ${value}`,
        );
      }
      const near = typeof value === 'string' ? nearest(value, allowed.map(String)) : undefined;
      const list = allowed.map((each) => `\`${String(each)}\``).join(', ');
      return shape(
        `${name} must be ${allowed.length > 1 ? 'one of ' : ''}${list}, not ${shown(value)}`,
        reference
          ? `References are not read here: write the value itself`
          : `Write ${near === undefined ? list : `\`${near}\``}`,
      );
    }
    case 'pattern':
      return shape(
        `${name} is ${shown(value)}, which does not fit`,
        reference
          ? 'References are not read here: write the value itself'
          : `It must be ${error.schema['patternErrorMessage']}`,
      );
    case 'minimum':
    case 'maximum':
      return shape(
        `${name} is ${shown(value)}, but must be ${error.keyword === 'minimum' ? 'at least' : 'at most'} ${params['limit']}`,
        `Write a number ${rangeOf(error.schema)}`,
      );
    case 'minProperties':
      return shape(`${name} is empty`, 'Add an entry, or delete the key');
    default:
      return shape(`${name} does not fit`, 'See the schema: `shotlist schema manifest`');
  }
}

/** True where a text only lacks being written without quotes. */
function isQuoted(value: unknown, allowed: readonly unknown[]): value is string {
  return (
    typeof value === 'string' && allowed.some((each) => typeof each === 'number' && String(each) === value)
  );
}

function rangeOf(schema: Readonly<Record<string, unknown>>): string {
  const { minimum, maximum } = schema;
  return maximum === undefined ? `of ${minimum} or more` : `from ${minimum} to ${maximum}`;
}

/** Names the value at a path, for messages. */
function nameOf(path: Path, title: string): string {
  const last = path.at(-1);
  if (last === undefined) return `The ${title}`;
  if (typeof last === 'string') return `\`${shortened(last)}\``;
  return `Item ${last + 1} of \`${String(path.findLast((step) => typeof step === 'string'))}\``;
}

function article(place: string): string {
  if (place === 'defaults' || place === 'run' || place === 'budget') return `\`${place}\``;
  return place === 'manifest' ? 'the manifest' : `a ${place}`;
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a map' : `\`${shortened(value)}\``;
}
