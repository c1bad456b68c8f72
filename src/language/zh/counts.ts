import type { Messages } from '../phrasebook.ts';

/** Nouns that are counted, each in its singular and its plural, and how Chinese counts them. */
const nouns: Readonly<Record<string, string>> = {
  request: '个请求',
  shot: '个镜头',
  scene: '场',
  file: '个文件',
  clip: '条成片',
  task: '个任务',
  error: '个错误',
  warning: '个警告',
  finding: '条结果',
  character: '个字符',
  byte: '字节',
  second: '秒',
  minute: '分钟',
  hour: '小时',
  day: '天',
  attempt: '次尝试',
  event: '个事件',
  version: '个版本',
  variant: '个变体',
  take: '条',
  row: '行',
  column: '列',
  cell: '个单元格',
  model: '个模型',
  violation: '处违规',
  pixel: '像素',
  image: '张图片',
  video: '个视频',
  audio: '个音频',
  name: '个名称',
  key: '个键',
  place: '处',
  change: '处更改',
  line: '行',
  run: '次运行',
  doubt: '个存疑',
};

export const counts: Messages = Object.fromEntries(
  Object.entries(nouns).flatMap(([noun, counted]) => [
    [`{0#} ${noun}`, `{0} ${counted}`],
    [`{0#} ${noun}s`, `{0} ${counted}`],
  ]),
);
