/**
 * Header names that are known, in the form that `headerForm` gives. A sure name takes its column; a likely one only
 * where no sure one does, and is something else otherwise: Kitsu calls a shot's id `Name`, others its title.
 */
const names: Readonly<Record<string, { readonly sure: string; readonly likely?: string }>> = {
  scene: {
    sure: 'scene sceneid sceneno scenenumber scenenum 场号 场次 场次号 场',
    likely: 'sequence sequenceid sequencename seq sq 场景 场景号 序列 段落',
  },
  shot: {
    sure: 'shot shotid shotno shotnumber shotnum shotcode 镜号 镜头号 镜头编号 镜次 镜头序号 分镜号',
    likely: 'name shotname code id 镜头 分镜 编号 序号',
  },
  title: { sure: 'title shottitle 标题', likely: 'name shotname 名称' },
  skip: { sure: 'skip omit omitted 跳过 停用' },
  mode: { sure: 'mode 模式' },
  model: { sure: 'model modelid 模型' },
  prompt: {
    sure: 'prompt prompts prompttext 提示词 画面提示词 视频提示词',
    likely: 'description shotdescription action 画面 画面描述 画面内容 镜头描述 镜头内容 描述 内容',
  },
  promptFile: { sure: 'promptfile 提示词文件' },
  duration: {
    sure: 'duration durations durationsec durationsecs durationseconds seconds shotduration 时长 时长s 时长秒 秒数',
    likely: 'length 长度',
  },
  frames: { sure: 'frames nbframes numframes framecount numberofframes 帧数' },
  fps: { sure: 'fps framerate framespersecond 帧率' },
  in: { sure: 'in framein cutin startframe 入点 起始帧' },
  out: { sure: 'out frameout cutout endframe 出点 结束帧' },
  ratio: { sure: 'ratio aspectratio 比例 画幅 画面比例 宽高比', likely: 'aspect' },
  resolution: { sure: 'resolution 分辨率' },
  first_image: { sure: 'firstimage firstframe firstimageurl 首帧 首帧图 首图' },
  last_image: { sure: 'lastimage lastframe lastimageurl 尾帧 尾帧图 尾图 末帧' },
  referenceImages: {
    sure: 'referenceimages referenceimage refimages refimage images image imageurl imageurls 参考图 参考图片 图片',
    likely: 'references reference refs ref 参考',
  },
  referenceVideos: {
    sure: 'referencevideos referencevideo refvideos refvideo videos video videourl videourls 参考视频',
  },
  referenceAudios: {
    sure: 'referenceaudios referenceaudio refaudios refaudio audios audio audiourl audiourls 参考音频',
  },
  takes: { sure: 'takes 条数' },
  tags: { sure: 'tags tag labels 标签' },
  notes: {
    sure: 'notes note remarks remark 备注',
    likely: 'comments comment 说明 description shotdescription action 画面 画面描述 描述',
  },
  extra: { sure: 'extra' },
  project: { sure: 'project projectname 项目 项目名' },
};

const numbered =
  /^(?:(image|img|referenceimage|refimage|参考图|图片)|(video|referencevideo|refvideo|参考视频)|(audio|referenceaudio|refaudio|参考音频))(?:url)?(\d{1,3})$/;

/** A header as it is compared: without regard to case, width, white space and punctuation. */
export function headerForm(header: string): string {
  return header
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');
}

/** What a header surely names, and what it may name, best first. */
export function meaningsOf(header: string): {
  readonly sure: string | undefined;
  readonly likely: readonly string[];
} {
  const form = headerForm(header);
  const [, image, video, audio] = numbered.exec(form) ?? [];
  if (image !== undefined) return { sure: 'referenceImages', likely: [] };
  if (video !== undefined) return { sure: 'referenceVideos', likely: [] };
  if (audio !== undefined) return { sure: 'referenceAudios', likely: [] };
  const entries = Object.entries(names);
  return {
    sure: entries.find(([, { sure }]) => sure.split(' ').includes(form))?.[0],
    likely: entries.filter(([, { likely }]) => likely?.split(' ').includes(form)).map(([target]) => target),
  };
}

/** The number at the end of `image_3`; 0 where there is none. */
export function numberOf(header: string): number {
  return Number(numbered.exec(headerForm(header))?.[4] ?? 0);
}
