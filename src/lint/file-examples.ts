/** A manifest with one mistake that reading finds, and the same manifest, mended. */
export interface FileExample {
  readonly bad: string;
  readonly good: string;
  /** Files beside both, by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** The bad one is a fragment that nothing includes. */
  readonly alone?: true;
}

const head = `version: 1
project: demo
`;
const shot = `  - id: sh0010
    model: videos
    duration: 5
    prompt: Neon skyline at night, slow dolly in
`;
const whole = `${head}shots:\n${shot}`;

const secondShot = (id: string): string => `  - id: ${id}
    model: videos
    duration: 5
    prompt: Rain on glass, static camera
`;

const prompted = (prompt: string, before = ''): string =>
  `${head}${before}shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: ${prompt}
`;

const takes = (shots: number): string => {
  const ratios = ['21:9', '16:9', '4:3'];
  const variants = Array.from(
    { length: 33 },
    (_, n) => `v${n}: { duration: ${4 + Math.floor(n / 3)}, ratio: "${ratios[n % 3]}" }`,
  );
  const lines = Array.from(
    { length: shots },
    (_, n) =>
      `  - { id: sh${n}, prompt: Shot ${n}, takes: 99, variants: ${n === 0 ? `&all { ${variants.join(', ')} }` : '*all'} }\n`,
  );
  return `${head}defaults: { model: videos }\nshots:\n${lines.join('')}`;
};

const long = `vars:\n  rain: ${'rain and '.repeat(240)}rain\n`;
const part = { 'scenes/act-2.yaml': `shots:\n${secondShot('sh0020')}` };

/** Examples by rule id, for every rule that has no file of its own. */
export const fileExamples: Readonly<Record<string, FileExample>> = {
  'models-file': {
    bad: whole.replace('shots', 'models: misspelt.json\nshots'),
    good: whole.replace('shots', 'models: mended.json\nshots'),
    files: {
      'misspelt.json': '{ "version": 1, "models": { "videos": { "duratoin": { "min": 5 } } } }\n',
      'mended.json': '{ "version": 1, "models": { "videos": { "duration": { "min": 5 } } } }\n',
    },
  },
  'lone-fragment': { bad: `shots:\n${shot}`, good: whole, alone: true },
  'bad-suppression': {
    bad: `${whole}    # shotlist-disable-next-line yaml-portability\n    notes: no\n`,
    good: `${whole}    # shotlist-disable-next-line yaml-portability -- a word, and read by shotlist alone\n    notes: no\n`,
  },
  'unused-suppression': {
    bad: `${whole}    # shotlist-disable-next-line yaml-portability -- a word, and read by shotlist alone\n    notes: "no"\n`,
    good: `${whole}    notes: "no"\n`,
  },
  'unreadable-file': {
    bad: whole.replace('shots', 'include: [scenes/act-2.yml]\nshots'),
    good: whole.replace('shots', 'include: [scenes/act-2.yaml]\nshots'),
    files: part,
  },
  'file-too-large': {
    bad: `${whole}x-deep: ${'['.repeat(120)}${']'.repeat(120)}\n`,
    good: `${whole}x-deep: ${'['.repeat(12)}${']'.repeat(12)}\n`,
  },
  encoding: {
    bad: prompted('"Rain \\ud83c, static camera"'),
    good: prompted('"Rain \\ud83c\\udf27, static camera"'),
  },
  'yaml-syntax': {
    bad: prompted('Rain on glass: a study in red'),
    good: prompted('"Rain on glass: a study in red"'),
  },
  'unsupported-yaml': {
    bad: `${head}x-base: &base { model: videos, duration: 5 }\nshots:\n  - id: sh0010\n    <<: *base\n    prompt: Rain on glass\n`,
    good: `${head}defaults: { model: videos, duration: 5 }\nshots:\n  - id: sh0010\n    prompt: Rain on glass\n`,
  },
  'duplicate-key': { bad: `${whole}    duration: 6\n`, good: whole },
  'empty-file': { bad: '# nothing yet\n', good: whole },
  schema: { bad: whole.replace('duration: 5', 'duration: five'), good: whole },
  'unknown-key': { bad: whole.replace('prompt', 'promt'), good: whole },
  'include-cycle': {
    bad: whole.replace('shots', 'include: [scenes/act-2.yaml, scenes/act-2.yaml]\nshots'),
    good: whole.replace('shots', 'include: [scenes/act-2.yaml]\nshots'),
    files: part,
  },
  'duplicate-name': {
    bad: `${head}scenes:\n  - id: sc010\n  - id: sc010\nshots:\n${shot}`,
    good: `${head}scenes:\n  - id: sc010\n  - id: sc020\nshots:\n${shot}`,
  },
  'duplicate-shot': { bad: `${whole}${secondShot('sh0010')}`, good: `${whole}${secondShot('sh0020')}` },
  'unknown-reference': {
    bad: prompted('Rain on glass, ${vars.lok}', 'vars: { look: cinematic }\n'),
    good: prompted('Rain on glass, ${vars.look}', 'vars: { look: cinematic }\n'),
  },
  'list-reference': {
    bad: prompted('Rain on glass, ${vars.look}', 'vars: { look: [cinematic, grainy] }\n'),
    good: prompted('Rain on glass, ${vars.look}', 'vars: { look: "cinematic, grainy" }\n'),
  },
  'nested-reference': {
    bad: prompted('Rain on glass, ${vars.look}', 'vars: { film: 35mm, look: "cinematic, ${vars.film}" }\n'),
    good: prompted('Rain on glass, ${vars.look}, ${vars.film}', 'vars: { film: 35mm, look: cinematic }\n'),
  },
  'text-too-long': {
    bad: prompted(`"${'${vars.rain}, '.repeat(500)}"`, long),
    good: prompted('"${vars.rain}"', long),
  },
  'missing-prompt-file': {
    bad: whole.replace(/prompt: .*/, 'promptFile: prompts/sh0010.txt'),
    good: whole.replace(/prompt: .*/, 'promptFile: prompts/sh0010.md'),
    files: { 'prompts/sh0010.md': 'Neon skyline at night, slow dolly in\n' },
  },
  'outside-work-tree': {
    bad: whole.replace(/prompt: .*/, 'promptFile: ../../prompts/sh0010.md'),
    good: whole.replace(/prompt: .*/, 'promptFile: prompts/sh0010.md'),
    files: { 'prompts/sh0010.md': 'Neon skyline at night, slow dolly in\n' },
  },
  'prompt-file-outside': {
    bad: whole.replace(/prompt: .*/, 'promptFile: ../prompts/sh0010.md'),
    good: whole.replace(/prompt: .*/, 'promptFile: prompts/sh0010.md'),
    files: {
      '../prompts/sh0010.md': 'Neon skyline at night, slow dolly in\n',
      'prompts/sh0010.md': 'Neon skyline at night, slow dolly in\n',
    },
  },
  'prompt-twice': { bad: `${whole}    promptFile: prompts/sh0010.md\n`, good: whole },
  'extra-parameter': { bad: `${whole}    extra: { ratio: "1:1" }\n`, good: `${whole}    ratio: "1:1"\n` },
  'too-many-requests': { bad: takes(31), good: takes(2) },
};
