import type { JsonObject } from '../../src/core/canonical-json.ts';
import type { CreateOutcome, Provider, QueryOutcome } from '../../src/provider/provider.ts';

/** A paying provider that keeps its own books. Nothing of it is loopback, so that a journal is kept. */
export class PaidProvider implements Provider {
  readonly scope = 'https://provider.example';
  /** The prompts that were billed, in their order. */
  readonly billed: string[] = [];
  /** What the next creates come to, before everything is accepted. */
  readonly fates: CreateOutcome[] = [];

  async create(body: JsonObject): Promise<CreateOutcome> {
    const fate = this.fates.shift();
    if (fate !== undefined) return fate;
    this.billed.push(String(body['prompt']));
    return { kind: 'accepted', taskId: `video_${this.billed.length}`, status: 'queued', error: null };
  }

  async query(taskId: string): Promise<QueryOutcome> {
    return {
      kind: 'task',
      taskId,
      status: 'completed',
      unknownStatus: null,
      error: null,
      videoUrl: 'https://clips.example/clip.mp4',
      actualDuration: 5,
    };
  }

  async close(): Promise<void> {}
}

/** Options with which a project is sent to a paying provider. */
export function paying(provider: PaidProvider) {
  return {
    baseUrl: 'https://provider.example/prefix',
    apiKey: 'secret-key-of-the-test',
    env: {},
    by: 'tester@here',
    createProvider: async (): Promise<Provider> => provider,
  };
}
