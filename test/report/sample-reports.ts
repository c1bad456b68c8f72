import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { type RequestState, requestStates } from '../../src/ledger/ledger.ts';
import type { Report, ReportRow } from '../../src/report/model.ts';
import { identityOf, type ReportTimes } from '../../src/report/times.ts';
import { reportOf, rowOf } from './fixtures.ts';

/** A report of these rows, whose counts and costs are those of the rows. */
export function reportWith(rows: readonly ReportRow[], more: Partial<Report> = {}): Report {
  const counts = Object.fromEntries(
    requestStates.map((state) => [state, rows.filter(({ status }) => status === state).length]),
  ) as Record<RequestState, number>;
  const cost = rows.reduce((sum, row) => sum + (row.cost ?? 0), 0);
  return { ...reportOf(), rows, summary: { total: rows.length, ...counts, cost, currency: 'CNY' }, ...more };
}

const start = Date.UTC(2026, 0, 2, 10);
const at = (seconds: number): string => new Date(start + seconds * 1000).toISOString();

/** The example's first shots as they may stand in the middle of a day: every state, several takes, an edited shot. */
export function teaser(file: (key: string) => string | null = () => null): Report {
  const rows: ReportRow[] = [];
  const add = (shot: string, prompt: string, more: Partial<ReportRow> = {}): void => {
    const scene = more.scene === undefined ? 'sc010' : more.scene;
    const variant = more.variant ?? null;
    const take = more.take ?? 1;
    const base = scene === null ? shot : `${scene}/${shot}`;
    const key = `${base}${variant === null ? '' : `:${variant}`}${take > 1 ? `@${take}` : ''}`;
    const status = more.status ?? 'completed';
    const sent = !['pending', 'sending'].includes(status);
    const n = rows.length;
    rows.push(
      rowOf({
        key,
        scene,
        shot,
        variant,
        take,
        prompt,
        model: 'videos_stable',
        ratio: '16:9',
        duration: 5,
        status,
        taskId: ['completed', 'queued', 'processing', 'failed'].includes(status)
          ? `video_${(0x9e3779b97f4a + n * 0x1f35_7a21).toString(36)}`
          : null,
        submittedAt: sent ? at(n * 4.2) : null,
        completedAt: status === 'completed' ? at(n * 4.2 + 140 + ((n * 53) % 130)) : null,
        actualDuration: status === 'completed' ? (more.duration ?? 5) : null,
        cost: sent && status !== 'refused' ? 5 : 0,
        file: status === 'completed' ? file(key) : null,
        fingerprint: `sha256:${String(n).padStart(64, '0')}`,
        ...more,
      }),
    );
  };
  const skyline =
    'A vast city at night under low clouds, towers stacked with neon signs, rain falling through their light. Flying lamps drift between the buildings like slow fish. Slow aerial dolly forward, descending toward a dark gap between two towers, cinematic, 35mm film, rain-soaked neon';
  const wide = { model: 'videos', ratio: '21:9', duration: 6, cost: 7 };
  add('sh0010', skyline, wide);
  add('sh0010', skyline, { ...wide, take: 2 });
  add(
    'sh0020',
    'An elevated train crosses the frame from left to right, its lit windows smearing in the wet air; inside, a single passenger in a yellow raincoat looks out',
    wide,
  );
  add(
    'sh0030',
    'The skyline softens and sinks into a single raindrop sliding down a window pane; the city hangs upside down inside it. Macro lens, slow push in, no cut',
    { ...wide, mode: 'frames', status: 'processing' },
  );
  add(
    'sh0040',
    '雨夜，两栋高楼之间的窄巷入口，一块缺了笔画的霓虹招牌忽明忽暗。米卡穿着黄色雨衣，从积水的倒影中走入画面，停下脚步，抬头望向招牌。镜头从水面倒影缓缓上摇至她的侧脸，电影质感，35毫米胶片',
    { duration: 8 },
  );
  const market =
    'Mika hurries through the night market, steam and paper lanterns, handheld camera at shoulder height follows her through the crowd';
  for (const variant of ['wide', 'tall']) {
    for (const take of [1, 2, 3]) {
      const ratio = variant === 'tall' ? '9:16' : '16:9';
      add('sh0050', market, {
        scene: 'sc020',
        variant,
        take,
        ratio,
        mode: 'references',
        ...(take === 3 ? { status: 'queued' } : {}),
      });
    }
  }
  add(
    'sh0060',
    'Old Chen looks up from his noodle stall, recognises her, and slowly puts down the ladle; push in on his face',
    {
      scene: 'sc020',
      status: 'failed',
      errorCode: null,
      error: 'generation failed: the reference image could not be read by the model',
    },
  );
  add('sh0070', 'Two hands exchange a paper envelope over the counter, close-up, shallow depth of field', {
    scene: 'sc020',
    status: 'inDoubt',
    errorCode: 'timeout',
    error: 'no answer came within 120 s',
  });
  add('sh0080', 'A police drone scans the crowd, red light sweeping over faces', {
    scene: 'sc020',
    status: 'refused',
    errorCode: '400',
    error: '提示词包含不支持的内容 (prompt contains unsupported content)',
  });
  add('sh0090', 'She runs across the footbridge as the lanterns go out behind her one after another', {
    scene: 'sc030',
    status: 'queued',
    model: 'videos_stable_fast',
    cost: 4,
  });
  add('sh0100', 'The train doors close; her reflection stays on the platform', {
    scene: 'sc030',
    status: 'sending',
    model: 'videos_stable_fast',
    cost: 4,
  });
  add('sh0110', 'Dawn over the flooded street, a paper boat drifts by', {
    scene: 'sc030',
    status: 'pending',
    model: 'videos_stable_fast',
    ratio: '1:1',
  });
  add('sh0120', 'Title card: rain writes the name of the film on asphalt', {
    scene: null,
    status: 'abandoned',
    model: 'videos_stable_fast',
    cost: 4,
  });
  add('sh0020', 'An elevated train crosses the frame, lit windows, long lens', { ...wide, superseded: true });
  return reportWith(rows, { project: 'neon-alley', manifest: 'neon-alley.yaml' });
}

/** Times as they may be of a sample's rows: every fifth task was not looked at while it was processing. */
export function timesOf({ rows }: Report): ReportTimes {
  return new Map(
    rows.map((row, n) => {
      const after = (time: string | null, seconds: number): string | null =>
        time === null ? null : new Date(Date.parse(time) + seconds * 1000).toISOString();
      const { status, submittedAt, completedAt, file } = row;
      const endedAt = status === 'failed' ? after(submittedAt, 75 + (n % 40)) : completedAt;
      const wasSeen = status === 'processing' || (endedAt !== null && n % 5 !== 2);
      const isAnswered = status !== 'inDoubt' && status !== 'abandoned';
      const times = {
        answeredAt: isAnswered ? after(submittedAt, 0.8 + (n % 3)) : null,
        processingAt: wasSeen ? after(submittedAt, 20 + ((n * 17) % 45)) : null,
        endedAt,
        savedAt: file === null ? null : after(completedAt, 4 + ((n * 7) % 18)),
      };
      return [identityOf(row), times];
    }),
  );
}

/** 2,000 requests with real prompts: the example of 1,013, nearly twice, in its scenes and in every state. */
export function season(size = 2000): Report {
  const manifest = parse(
    readFileSync(path.resolve(import.meta.dirname, '../../examples/manifests/vbench2.yaml'), 'utf8'),
  ) as {
    readonly scenes: readonly {
      readonly id: string;
      readonly shots: readonly { readonly id: string; readonly prompt: string }[];
    }[];
  };
  const shots = manifest.scenes.flatMap(({ id: scene, shots }) => shots.map((shot) => ({ scene, ...shot })));
  const common: readonly RequestState[] = [
    'completed',
    'completed',
    'completed',
    'completed',
    'queued',
    'processing',
    'failed',
    'pending',
    'refused',
    'inDoubt',
  ];
  const rows = shots
    .flatMap(({ scene, id, prompt }, index) =>
      [1, 2].map((take) => {
        const n = index * 2 + take - 1;
        const status = common[(n * 7) % common.length] ?? 'queued';
        const submittedAt = status === 'pending' ? null : at(n * 0.6);
        const completedAt = status === 'completed' ? at(n * 0.6 + 90 + ((n * 131) % 420)) : null;
        return rowOf({
          key: `${scene}/${id}${take === 1 ? '' : '@2'}`,
          scene,
          shot: id,
          take,
          prompt,
          model: n % 3 === 0 ? 'videos' : 'videos_stable',
          status,
          taskId: submittedAt === null ? null : `video_${(0x9e3779b97f4a7 + n * 7919).toString(36)}`,
          error: status === 'failed' ? 'generation failed: content could not be produced' : null,
          submittedAt,
          completedAt,
          file: completedAt === null ? null : `renders/${scene}_${id}_t0${take}_v001.mp4`,
          cost: status === 'pending' || status === 'refused' ? 0 : 5,
        });
      }),
    )
    .slice(0, size);
  return reportWith(rows, { project: 'vbench2', manifest: 'vbench2.yaml' });
}
