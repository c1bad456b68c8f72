import { HostVerdicts } from '../hosts.ts';
import type { Rule } from '../rule.ts';
import { shown } from '../words.ts';

export const urlNotPublic: Rule = {
  id: 'url-not-public',
  severity: 'error',
  suppressible: true,
  summary: 'A media URL leads to a host that only your network can reach',
  why: 'The provider fetches media from the public internet. `localhost`, private and link-local addresses, `.local` names and names without a domain mean something else there, or nothing. For a rehearsal against `shotlist emulator`, which fetches nothing, call with `--allow-private-media`, or suppress it with a comment.',
  provider: 'The task fails when it cannot fetch the file, after it was billed.',
  bad: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Mika crosses the alley, handheld camera, rain
    referenceImages:
      - https://192.168.1.20/mika.png
`,
  good: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Mika crosses the alley, handheld camera, rain
    referenceImages:
      - https://cdn.example.com/mika.png
`,
  check({ media, allowPrivateMedia, report }) {
    if (allowPrivateMedia) return;
    const hosts = new HostVerdicts();
    for (const { url, origin, version } of media) {
      const why = url === undefined ? null : hosts.whyUnreachable(url);
      if (url === undefined || why === null) continue;
      report(
        {
          message: `The provider cannot reach ${shown(url.hostname)}: it is ${why}`,
          help: 'Upload the file to where anyone can fetch it, and give that URL',
          origin,
          mark: 'value',
        },
        version,
      );
    }
  },
};
