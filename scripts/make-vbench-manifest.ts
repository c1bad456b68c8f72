// Makes examples/manifests/vbench2.yaml from the VBench-2.0 prompts, one JSON object a line:
//
//   npx tsx scripts/make-vbench-manifest.ts vbench2-prompts.jsonl > examples/manifests/vbench2.yaml

import { readFile } from 'node:fs/promises';
import { Document } from 'yaml';

interface VbenchPrompt {
  readonly prompt: string;
  /** At least one; the first decides the scene. */
  readonly dimensions: readonly string[];
}

interface Shot {
  readonly id: string;
  readonly prompt: string;
  readonly tags: readonly string[];
}

const head = `# yaml-language-server: $schema=../../schemas/manifest.schema.json
#
# The 1,013 prompts of the VBench-2.0 prompt suite, as a storyboard: a manifest of the size that a benchmark, or a
# season, has. A scene is the first dimension that a prompt tests, the tags are all of them, and the number in a shot's
# id is the prompt's line in the suite.
#
# Source: VBench-2.0, https://github.com/Vchitect/VBench, Apache License 2.0; see NOTICE. The prompts are unchanged.
# Made by scripts/make-vbench-manifest.ts.

version: 1
project: vbench2
title: VBench-2.0 prompt suite

defaults:
  model: videos
  duration: 5
  ratio: "16:9"

# Room for every prompt once, and for no more.
budget:
  currency: CNY
  prices: { videos: 7 }
  maxRequests: 1013

`;

/** Words that say nothing about a prompt in an id. */
const fillers = new Set(
  'a an the of to in on at is are was were and or it its his her then with from by as into for that this one'.split(
    ' ',
  ),
);

/** `Multi-View_Consistency` → `multi-view-consistency` */
function slug(dimension: string): string {
  return dimension.toLowerCase().replaceAll('_', '-');
}

/** The line in the suite, which never moves, and the first words that say what it is about. */
function shotId(line: number, prompt: string): string {
  const words = (
    prompt
      .toLowerCase()
      .replace(/['’]/g, '')
      .match(/[a-z0-9]+/g) ?? []
  ).filter((word) => !fillers.has(word));
  return [String(line).padStart(4, '0'), ...words.slice(0, 4)].join('-').slice(0, 64);
}

function vbenchManifest(jsonLines: string): string {
  const scenes = new Map<string, Shot[]>();
  for (const [index, line] of jsonLines.trimEnd().split('\n').entries()) {
    const { prompt, dimensions } = JSON.parse(line) as VbenchPrompt;
    const [dimension] = dimensions;
    if (dimension === undefined) throw new Error(`line ${index + 1} names no dimension`);
    const shots = scenes.get(dimension) ?? [];
    scenes.set(dimension, shots);
    shots.push({
      id: shotId(index + 1, prompt),
      prompt: prompt.replaceAll('${', '$${'),
      tags: dimensions.map(slug),
    });
  }
  const document = new Document();
  document.contents = document.createNode({
    scenes: [...scenes].map(([dimension, shots]) => ({
      id: slug(dimension),
      title: dimension.replaceAll('_', ' '),
      shots: shots.map((shot) => ({ ...shot, tags: document.createNode(shot.tags, { flow: true }) })),
    })),
  });
  return head + document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('name the file of prompts, one JSON object a line');
process.stdout.write(vbenchManifest(await readFile(file, 'utf8')));
