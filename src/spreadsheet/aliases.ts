/**
 * Header names that are known, in the form that `headerForm` gives. A sure name takes its column; a likely one only
 * where no sure one does, and is something else otherwise: Kitsu calls a shot's id `Name`, others its title. By
 * language: English; Chinese; Japanese; Korean; German, French and Spanish.
 */
const names: Readonly<Record<string, { readonly sure?: string; readonly likely?: string }>> = {
  scene: {
    sure:
      'scene sceneid sceneno scenenumber scenenum scenecode sc 场号 场次 场次号 场 場次 場號 ' +
      'シーン シーン番号 씬 씬번호 씬넘버 szene szenennummer szenennr numerodescene escena numerodeescena',
    likely:
      'sequence sequenceid sequencename sequencecode seq sq sqn parent reel 序列 段落 シークエンス シーケンス 시퀀스 sequenz secuencia ' +
      '场景 场景号 场景编号 场景名称 场景名 場景 場面 장면 scenename scenetitle',
  },
  shot: {
    sure:
      'shot shotid shotno shotnumber shotnum shotcode shotname vfxid vfxshot vfxshotid vfxshotcode ' +
      '镜号 镜头号 镜头编号 镜次 镜头序号 分镜号 分镜编号 分镜序号 鏡號 鏡頭號 カット カット番号 カットno ' +
      'ショット ショット番号 컷 컷번호 샷 샷번호 숏 einstellung einstellungsnr einstellungsnummer plan numerodeplan noplan plano numerodeplano toma',
    likely: 'cut cutno cutnumber name code id no number nr 镜头 分镜 镜 编号 序号 番号 번호 nummer numero',
  },
  title: {
    sure: 'title shottitle 标题 镜头标题 標題 タイトル 제목 titel titre titulo',
    likely: 'name shotname 名称',
  },
  skip: { sure: 'skip omit omitted 跳过 停用' },
  mode: { sure: 'mode 模式 生成模式' },
  model: { sure: 'model modelid 模型 视频模型 モデル 모델 modell modele modelo' },
  prompt: {
    likely:
      'description shotdescription action actiondescription visual visuals 画面 画面描述 画面内容 画面说明 镜头描述 镜头内容 核心内容 ' +
      '图像描述 视觉描述 描述 内容 画面內容 畫面 畫面內容 画面説明 アクション 説明 화면 화면내용 내용 화면설명 연출 ' +
      'beschreibung bildbeschreibung bildinhalt handlung inhalt descriptionduplan actions descripcion accion descripciondelplano',
  },
  promptFile: { sure: 'promptfile 提示词文件' },
  duration: {
    sure:
      'duration durations durationsec durationsecs durationseconds seconds shotduration shotlength runtime screentime esttime ' +
      'estimatedtime estduration estimatedduration durationestimate trt 时长 时长s 时长秒 秒数 镜头时长 預估時長 時長 ' +
      '秒 尺 時間 길이 시간 초 dauer lange lengthsec lengthseconds sekunden duree dureeestimee duracion segundos',
    likely: 'length time timing 长度 时间 長さ',
  },
  frames: {
    sure:
      'frames nbframes numframes nframes framecount numberofframes frameduration cutduration cutlength durationframes ' +
      '帧数 总帧数 フレーム数 프레임 프레임수 bilder frameanzahl nombredimages cuadros',
  },
  plusFrames: { sure: 'コマ コマ数' },
  fps: { sure: 'fps framerate framespersecond 帧率 フレームレート 프레임레이트 bildrate' },
  in: { sure: 'in framein cutin startframe framestart fstart 入点 起始帧 开始帧' },
  out: { sure: 'out frameout cutout endframe frameend fend 出点 结束帧' },
  ratio: {
    sure:
      'ratio aspectratio 比例 画幅 画幅比例 画面比例 宽高比 視頻比例 视频比例 アスペクト比 화면비 화면비율 seitenverhaltnis bildformat ' +
      'formatdimage relaciondeaspecto',
    likely: 'aspect',
  },
  resolution: { sure: 'resolution 分辨率 清晰度 解像度 해상도 auflosung resolucion' },
  first_image: {
    sure:
      'firstimage firstframe firstframeimage firstkeyframe startimage startframeimage startkeyframe startingframe openingframe ' +
      '首帧 首帧图 首帧图片 首帧图像 首图 起始图 起始图片 起始帧图片 開始フレーム画像 첫프레임이미지',
  },
  last_image: {
    sure:
      'lastimage lastframe lastframeimage lastkeyframe endimage endframeimage endkeyframe endingframe closingframe ' +
      '尾帧 尾帧图 尾帧图片 尾帧图像 尾图 末帧 末帧图 末帧图片 结束图 结束图片 结束帧图片 終了フレーム画像 마지막프레임이미지',
  },
  referenceImages: {
    sure: 'referenceimages referenceimage refimages refimage images image 参考图 参考图片 参考图像 图片 参考画像 참고이미지',
    likely: 'references reference refs ref 参考',
  },
  referenceVideos: {
    sure: 'referencevideos referencevideo refvideos refvideo videos video 参考视频 参考動画 참고영상',
  },
  referenceAudios: {
    sure: 'referenceaudios referenceaudio refaudios refaudio audios audio 参考音频',
  },
  takes: { sure: 'takes 条数 次数 生成次数 抽卡次数' },
  tags: { sure: 'tags tag labels 标签 タグ 태그' },
  notes: {
    sure: 'notes note remarks remark 备注 備註 備考 비고 notizen bemerkung bemerkungen anmerkungen remarques notas observaciones',
    likely: 'comments comment 说明',
  },
  extra: { sure: 'extra' },
  project: { sure: 'project projectname 项目 项目名' },
};

const numbered =
  /^(?:(image|img|referenceimage|refimage|参考图|参考图片|图片)|(video|referencevideo|refvideo|参考视频)|(audio|referenceaudio|refaudio|参考音频))(\d{1,3})$/;

/** The end of a heading of media, besides what the medium is: `Reference Image URL`. */
const mediaSuffix = /(?:urls?|links?|链接|連結|地址|网址)$/;
const media: ReadonlySet<string> = new Set([
  'first_image',
  'last_image',
  'referenceImages',
  'referenceVideos',
  'referenceAudios',
]);

/** A header as it is compared: without regard to case, width, accents, white space and punctuation. */
export function headerForm(header: string): string {
  return header
    .normalize('NFD')
    .replace(/(?<=\p{Script=Latin})\p{M}+/gu, '')
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');
}

export interface Meanings {
  readonly sure: string | undefined;
  /** Best first. */
  readonly likely: readonly string[];
}

/** Finds the meanings of a header, the sure ones and the possible ones, also where it says so in two languages: `画面内容 (Visual)`. */
export function meaningsOf(header: string): Meanings {
  for (const part of [header, ...partsOf(header)]) {
    const meanings = meaningsOfForm(headerForm(part));
    if (meanings.sure === 'duration' && /[(（](?:frames?|f|fr|帧|コマ)[)）]/i.test(header)) {
      return { sure: 'frames', likely: [] };
    }
    if (meanings.sure !== undefined || meanings.likely.length > 0) return meanings;
  }
  return { sure: undefined, likely: [] };
}

function partsOf(header: string): readonly string[] {
  const [, before = '', inside = '', after = ''] =
    /^([^(（[]*)[(（[]([^)）\]]*)[)）\]](.*)$/su.exec(header) ?? [];
  const around = [before, inside].filter((part) => headerForm(part) !== '' && headerForm(after) === '');
  const sides = header.split(/[/／|\n]/).filter((part) => headerForm(part) !== '');
  return [...around, ...(sides.length === 2 ? sides : [])];
}

function meaningsOfForm(whole: string): Meanings {
  const suffix = mediaSuffix.test(whole);
  const form = suffix ? whole.replace(mediaSuffix, '') : whole;
  const [, image, video, audio] = numbered.exec(form) ?? [];
  if (image !== undefined) return { sure: 'referenceImages', likely: [] };
  if (video !== undefined) return { sure: 'referenceVideos', likely: [] };
  if (audio !== undefined) return { sure: 'referenceAudios', likely: [] };
  const known = (list: string | undefined): boolean => list?.split(' ').includes(form) === true;
  const entries = Object.entries(names).filter(([target]) => !suffix || media.has(target));
  const sure = entries.find((entry) => known(entry[1].sure))?.[0];
  if (sure !== undefined) return { sure, likely: [] };
  if (isPrompt(whole)) return { sure: 'prompt', likely: [] };
  return {
    sure: undefined,
    likely: entries.filter((entry) => known(entry[1].likely)).map(([target]) => target),
  };
}

const prompt = /prompt|提示词|提示詞|プロンプト|프롬프트/;

/** A prompt for pictures, or one of what must not be seen, is none for a clip; nor is what is said about a prompt. */
const otherPrompt =
  /image(?!tovideo)|picture|still|photo|negative|keyframe|(?:first|last|start|end)frame|(?<!图)生图|文生图|出图|(?<!由)图片|图像|绘图|绘画|画图|分镜图|[首尾末]帧|负面|负向|反向|反面|画像(?!から)|ネガティブ|이미지|네거티브|bildprompt|negativ|音频|配音|音乐|audio|sound|music|voice|system/;
const aboutPrompt =
  /prompt(?:s)?(?:id|no|number|status|version|author|length|words|type|lang|language|notes?|date)$/;

/** True where a heading names the prompt of a clip: it holds the word, and is not of another prompt. */
function isPrompt(form: string): boolean {
  if (!prompt.test(form) || aboutPrompt.test(form)) return false;
  return !otherPrompt.test(form.replace(/图生视频|图片?转视频|imagetovideo|i2v|画像から動画/, ''));
}

/** True where a heading counts episodes, in which scenes are counted anew. */
export function isEpisode(header: string): boolean {
  return /^(?:episode|episodeno|episodenumber|ep|eps|集|集数|集号|第几集|話|話数|回|에피소드|회차|folge|capitulo|episodio)$/.test(
    headerForm(header),
  );
}

/** True where a heading says what work there is on a shot: tables of tasks have a row for each. */
export function isTask(header: string): boolean {
  return /^(?:task|taskname|tasktype|tasks|pipelinestep|step|department|type|任务|任务类型|工序)$/.test(
    headerForm(header),
  );
}

/** True where a heading may name a place as well as a number: 场景 is `办公室` sooner than `12`. */
export function mayBePlace(header: string): boolean {
  const { likely } = meaningsOf(header);
  return likely.includes('scene') || /^(?:シーン|씬|场)$/.test(headerForm(header));
}

/** The number at the end of `image_3`; 0 where there is none. */
export function numberOf(header: string): number {
  return Number(numbered.exec(headerForm(header).replace(mediaSuffix, ''))?.[4] ?? 0);
}
