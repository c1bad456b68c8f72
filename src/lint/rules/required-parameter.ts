import { count } from '../../core/count.ts';
import { keySpan } from '../../manifest/locate.ts';
import type { Manifest, ParameterName, Path, Source, Version } from '../../manifest/model.ts';
import { SourceIndex } from '../../manifest/source-index.ts';
import { type Lacking, lacking } from '../lacking.ts';
import type { Rule } from '../rule.ts';
import type { Subject } from '../subject.ts';
import { names } from '../words.ts';

export const requiredParameter: Rule = {
  id: 'required-parameter',
  severity: 'error',
  summary: 'A shot has no model, no prompt or no duration',
  why: 'Every request needs the three of them. A shot can state them itself or take them from the defaults of its scene or of the manifest.',
  provider: 'Refuses the request.',
  bad: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    prompt: Neon skyline at night, slow dolly in
`,
  good: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Neon skyline at night, slow dolly in
`,
  check(context) {
    const { subjects, report } = context;
    const found = lacking(subjects, ({ version }) => missingFrom(version));
    const shared = sharedLack(found);
    for (const { version, item, what } of found) {
      const common = what.filter((name) => shared.get(name) !== undefined);
      const own = what.filter((name) => !common.includes(name));
      if (own.length === 0) continue;
      report(
        {
          message: `${version.variant === null ? 'The shot' : 'The variant'} has no ${names(own)}`,
          help: own.map((name) => examples[name]).join('; '),
          origin: item,
          mark: 'item',
          about: own.join(),
        },
        version,
      );
    }
    for (const [name, lacks] of shared) {
      const [first] = lacks;
      const shots = new Set(lacks.map(({ version, item }) => version.shotKey || JSON.stringify(item.path)));
      for (const { version } of lacks) {
        report(
          {
            message: `${count(shots.size, 'shot')} ${shots.size === 1 ? 'has' : 'have'} no \`${name}\``,
            help: `One line mends all: \`${lines[name]}\` ${whereOneLineMends(context.manifest, lacks, subjects)}`,
            origin: first.item,
            mark: 'item',
            about: name,
          },
          version,
        );
      }
    }
  },
};

/** Lines with which defaults state each parameter, as examples. */
const lines: Readonly<Record<Required, string>> = {
  model: 'model: videos',
  duration: 'duration: 5',
  prompt: 'prompt: …',
};
type Lack = Lacking<readonly Required[]>;
type SharedLack = readonly [Lack, ...Lack[]];

/** Finds the parameters that several shots lack and one line of defaults gives to all of them. */
function sharedLack(found: readonly Lack[]): ReadonlyMap<Required, SharedLack> {
  const shared = new Map<Required, SharedLack>();
  for (const name of ['model', 'duration'] as const) {
    const [first, ...others] = found.filter(({ what }) => what.includes(name));
    const shots = new Set(others.map(({ version }) => shotOf(version)));
    if (first === undefined || shots.size === 0 || (shots.size === 1 && shots.has(shotOf(first.version))))
      continue;
    shared.set(name, [first, ...others]);
  }
  return shared;
}

function shotOf({ origin, variant }: Version): string {
  const path = variant === null ? origin.path : origin.path.slice(0, -2);
  return JSON.stringify([origin.source.file, path]);
}

/** Names the defaults to write: those of the scene where it alone lacks the value, else those of the manifest. */
function whereOneLineMends(manifest: Manifest, lacks: readonly Lack[], subjects: readonly Subject[]): string {
  const scenes = new Set(lacks.map(({ version }) => version.scene));
  const [scene] = scenes;
  const first = lacks[0]?.version;
  const all = subjects.filter(({ version }) => version.scene === scene).length;
  if (scenes.size === 1 && typeof scene === 'string' && first !== undefined && all < subjects.length) {
    const { source, path } = first.origin;
    return `under \`defaults\` of the scene \`${scene}\`${lineOf(source, path.slice(0, 2))}`;
  }
  return `under \`defaults\` of the manifest${lineOf(manifest.source, [])}`;
}

/** Finds where the `defaults` of a map stand; nothing where there are none yet. */
function lineOf(source: Source, path: Path): string {
  const span = keySpan({ source, path: [...path, 'defaults'] });
  if (span === undefined) return '';
  const { line } = (source.index ?? new SourceIndex(source.text)).position(span.start);
  return `, in ${source.file}, line ${line}`;
}

const required = ['model', 'prompt', 'duration'] as const satisfies readonly ParameterName[];
type Required = (typeof required)[number];

const examples: Readonly<Record<Required, string>> = {
  model: 'State `model` here or under `defaults` (`shotlist models` lists them)',
  prompt: 'Write `prompt`, or `promptFile` with the path of a text file',
  duration: 'State `duration` in whole seconds here or under `defaults`, such as `duration: 5`',
};

function missingFrom({ parameters, broken }: Version): readonly Required[] | undefined {
  const { model, prompt, duration } = parameters;
  if (model !== undefined && prompt !== undefined && duration !== undefined) return undefined;
  const missing = required.filter((name) => parameters[name] === undefined && !broken.has(name));
  return missing.length === 0 ? undefined : missing;
}
