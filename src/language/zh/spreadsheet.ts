import type { Messages } from '../phrasebook.ts';

/** Tables in and out. */
export const spreadsheet: Messages = {
  '`{0}` is an error of the spreadsheet': '`{0}` 是表格软件的错误值',
  'It took the text for a formula: format the cell as text and type it again':
    '它把文字当成了公式：请把单元格设为文本格式，再重新输入',
  '{0} is taken as {1} s': '{0} 按 {1} 秒计',
  '{0} is {1} s, taken as {2} s': '{0} 是 {1} 秒，按 {2} 秒计',
  '`{0}` is no number of takes': '`{0}` 不是条数',
  'Write a whole number from 1 to 99': '请写 1 到 99 的整数',
  '`{0}` says neither yes nor no': '`{0}` 既不是“是”也不是“否”',
  'Write true or false': '请写 true 或 false',
  '`{0}` is no mode': '`{0}` 不是模式',
  'Write text, frames or references': '请写 text、frames 或 references',
  'The ratio `{0}` is {1}': '画幅 `{0}` 是{1}',
  'Format the column as text, and write 16:9': '请把这一列设为文本格式，写成 16:9',
  'This is no JSON map': '这不是 JSON 映射',
  'Write for example {"seed": 42}': '请写成例如 {"seed": 42}',
  'The columns `{0}` ({1}) and `{2}` ({3}) both say {4}': '`{0}` 列（{1}）与 `{2}` 列（{3}）都表示{4}',
  'Rename or delete one of the two': '请把其中一列改名或删除',
  'Call again with --ignore-column {0}, or say in a mapping file what the other is: columns: { "{1}": ignore }':
    '请加上 --ignore-column {0} 重新调用，或在映射文件里说明另一列是什么：columns: { "{1}": ignore }',
  'in which scene a shot is': '镜头在哪一场',
  'what a shot is called': '镜头叫什么',
  '{0} and {1} may each be the prompt': '{0} 和 {1} 都可能是提示词',
  'Say in a mapping file which is: columns: { "{0}": prompt, {1} }. Or all of them, one under the other: columns: { "{2}": prompt, "{3}": prompt }. Or leave one out: --ignore-column {4}':
    '请在映射文件里说明是哪一列：columns: { "{0}": prompt, {1} }。或全部都是，上下相接：columns: { "{2}": prompt, "{3}": prompt }。或去掉一列：--ignore-column {4}',
  'The column `{0}` ({1}) holds media, such as {2}, and nothing says what they are for':
    '`{0}` 列（{1}）是素材，例如 {2}，却没有说明用途',
  'Say so in a mapping file: columns: { "{0}": referenceImages }, or first_image, last_image, referenceVideos, referenceAudios, or x- and a name for data of your own; or leave it out: --ignore-column {1}':
    '请在映射文件里说明：columns: { "{0}": referenceImages }，或 first_image、last_image、referenceVideos、referenceAudios，或用 x- 开头的名称表示你自己的数据；或去掉它：--ignore-column {1}',
  'The heading `{0}` was read in the wrong encoding by some program{1}':
    '列名 `{0}` 曾被某个程序用错误的编码读取{1}',
  '`{0}` was in it': '原来是 `{0}`',
  'Go back to the file in which the words are right, and save it as “CSV UTF-8” or .xlsx':
    '请回到文字正确的那个文件，另存为 “CSV UTF-8” 或 .xlsx',
  'Column {0} has cells, and no name in the header': '{0} 列有内容，却没有列名',
  'Name it, or delete it': '请写上列名，或删去这一列',
  'Its columns are {0}': '它的各列是 {0}',
  'No column says what the shots are called': '没有哪一列说明镜头叫什么',
  'Name it Shot (or Name, or 镜号), or say which one it is in a mapping file: columns: { "…": shot }. A table without ids can be numbered: --number sh{0}':
    '请把那一列命名为 Shot（或 Name、镜号），或在映射文件里说明是哪一列：columns: { "…": shot }。没有 ID 的表格可以编号：--number sh{0}',
  'Is it `{0}`? Name it Shot, or say so in a mapping file: columns: { "{1}": shot }':
    '是 `{0}` 吗？请命名为 Shot，或在映射文件里说明：columns: { "{1}": shot }',
  'ANSWER: prompt, notes or ignore': '请填写：prompt、notes 或 ignore',
  'ANSWER: first_image, last_image, referenceImages, … or ignore':
    '请填写：first_image、last_image、referenceImages、… 或 ignore',
  'The table has no `{0}`, and its variant `{1}` says `skip: false`':
    '表格里没有 `{0}`，而它的变体 `{1}` 写了 `skip: false`',
  'Decide by hand whether it is still wanted': '请自己决定是否还需要它',
  'row {0}, {1}: `{2}` was written with `${…}` references, and the table has them written out':
    '第 {0} 行，{1}：`{2}` 原来用 `${…}` 引用写成，而表格里写的是展开后的内容',
  'The prompt of `{0}` is in {1}, which other shots use too': '`{0}` 的提示词在 {1} 里，别的镜头也在用它',
  'Change that file, or give this shot a `prompt` of its own in place of its `promptFile`':
    '请修改那个文件，或给这个镜头单独写 `prompt`，代替 `promptFile`',
  '`{0}` inherits its `{1}`, and nothing can take that away': '`{0}` 的 `{1}` 是继承来的，没有办法去掉',
  'Write another value, or empty the cell to leave it as it is': '请写别的值，或把单元格清空以保持原样',
  'This row has a prompt and a file for it': '这一行既有提示词，又有提示词文件',
  'Empty one of the two cells': '请清空其中一个单元格',
  '{0} is read as {1}': '{0} 按 {1} 读取',
  'A blank stands beside the quotes of a cell in this row': '这一行有单元格的引号旁边带有空格',
  'Delete the blank before or behind the quotes': '请删去引号前面或后面的空格',
  'A cell that begins with a quote in this row is never closed': '这一行有单元格以引号开头，却没有结束',
  'Close it with a quote; a quote inside such a cell is written twice':
    '请用引号结束它；单元格里的引号要写两遍',
  'is a workbook of an old kind (.xls), or one that is protected by a password':
    '是旧式工作簿（.xls），或有密码保护',
  'Open it in a spreadsheet and save it as .xlsx, .ods or “CSV UTF-8”, without a password':
    '请在表格软件里打开，不带密码另存为 .xlsx、.ods 或 “CSV UTF-8”',
  'is neither UTF-8 nor UTF-16 nor GB18030': '不是 UTF-8、UTF-16 或 GB18030',
  'Save it as “CSV UTF-8”, or name its encoding with --encoding, for example windows-1252':
    '请另存为 “CSV UTF-8”，或用 --encoding 写明编码，例如 windows-1252',
  'is neither UTF-8 nor UTF-16 nor GB18030: most likely it is {0}, in {1}':
    '不是 UTF-8、UTF-16 或 GB18030：最可能是 {1}，编码为 {0}',
  'Call again with --encoding {0}, and look whether the words are right; or save it as “CSV UTF-8”':
    '请加上 --encoding {0} 重新调用，看文字是否正确；或另存为 “CSV UTF-8”',
  'cannot be read as {0}': '无法按 {0} 读取',
  'Name an encoding such as utf-8 or gb18030': '请写 utf-8 或 gb18030 这样的编码',
  'is not {0} from beginning to end': '并非从头到尾都是 {0}',
  'Save it once more as “CSV UTF-8”; it may have been cut off or joined with another file':
    '请重新另存为 “CSV UTF-8”；它可能被截断，或与别的文件拼在了一起',
  'holds NUL characters: it is not text': '含有 NUL 字符：不是文字',
  'Check that it is the right file': '请确认文件无误',
  'give {0} another prompt': '给 {0} 换提示词',
  'of {0} shots, the table would {1}': '共 {0} 个镜头，这份表格会{1}',
  '{0}. For a table of some of the shots, add --partial; if it is meant, add --whole':
    '{0}。如果表格只含部分镜头，请加上 --partial；如果本意如此，请加上 --whole',
  'The prompts are those of other shots of this storyboard: the table seems to count its shots anew':
    '这些提示词属于这份分镜里的其他镜头：表格似乎重新编了镜号',
  '{0} of its {1} rows has the id of a known shot: it says `{2}`, the storyboard `{3}`':
    '{1} 行中有 {0} 行的 ID 是已有的镜头：它写的是 `{2}`，分镜里是 `{3}`',
  'It may be a table of another storyboard, another sheet, or a part of this one':
    '它可能是另一份分镜的表格、另一个工作表，或这一份的一部分',
  'traditional Chinese': '繁体中文',
  'a western European language': '某种西欧语言',
  'a central European language': '某种中欧语言',
  'Ids such as 0010 lose their zeros where a spreadsheet takes them for numbers: open the file with these columns as text, or export to .xlsx':
    '0010 这样的 ID，表格软件若当作数字就会丢掉前面的零：请把这些列按文本打开，或导出为 .xlsx',
  'has a `{0}` of {1} characters: a cell of a workbook holds {2}':
    '的 `{0}` 有 {1} 个字符：工作簿的单元格只容得下 {2} 个',
  'Export to .csv': '请导出为 .csv',
  '{0} `{1}`, which no table can hold: an import leaves {2} as they are':
    '{0} `{1}`，表格容纳不下：导入时{2}保持原样',
  'One shot has': '1 个镜头有',
  '{0} shots have': '{0} 个镜头有',
  '{0} of {1} shots are left out, since their ids are missing, wrong or there twice: `shotlist lint` shows them':
    '{1} 个镜头中有 {0} 个没有写出，因为它们的 ID 缺少、有误或重复：`shotlist lint` 会列出',
  '# How {0} is read. A column is a key of a shot, scene, shot, project, frames, fps, in, out or ignore,':
    '# {0} 的读取方式。一列可以是镜头的键、scene、shot、project、frames、fps、in、out 或 ignore，',
  '# or x- and a name for data of your own. docs/spreadsheets.md says more.':
    '# 或以 x- 开头、你自己的数据。详见 docs/spreadsheets.md。',
  'for example': '例如',
  '# values:                  # build a value from columns, or translate what cells say':
    '# values:                  # 用若干列拼成一个值，或翻译单元格的写法',
  '#   model: { fast: videos_stable_fast }': '#   model: { fast: videos_stable_fast }',
  '# constants: { ratio: "16:9" }   # what every shot says where its cells say nothing':
    '# constants: { ratio: "16:9" }   # 单元格没写时每个镜头的值',
  '# defaults: { model: videos }    # what a new storyboard begins with':
    '# defaults: { model: videos }    # 新建的分镜以此开头',
  '# fillDown: []                   # columns in which an empty cell means the one above':
    '# fillDown: []                   # 这些列的空单元格表示与上一行相同',
  'Format the column as text before the ids are typed or pasted in, and correct the cell: a shot that is called otherwise is another shot, and is paid for again':
    '请在输入或粘贴 ID 之前把这一列设为文本格式，并改正单元格：换了名称就是另一个镜头，会再付一次钱',
  'a number with an exponent': '带指数的数字',
  'The {0} `{1}` is {2}: a spreadsheet turned the id into it': '{0} `{1}` 是{2}：表格软件把 ID 变成了它',
  'The {0} `{1}` cannot be an id: ids are letters, digits, `.`, `_` and `-`, at most 64':
    '{0} `{1}` 不能作 ID：ID 由字母、数字、`.`、`_` 和 `-` 组成，最多 64 个字符',
  'Give it a number or a short name in a column of its own, called {0}':
    '请在单独的一列里给它编号或取短名，列名为 {0}',
  'Scene or 场号': 'Scene 或 场号',
  'Shot or 镜号': 'Shot 或 镜号',
  'The {0} `{1}` is a number with a fraction, as all are in this column: a program turned the ids into numbers':
    '{0} `{1}` 是小数，这一列都是如此：有程序把 ID 变成了数字',
  '{0}. In Python: read_csv(…, dtype=str)': '{0}。在 Python 里：read_csv(…, dtype=str)',
  'has a header and no shots below it': '有列名，下面却没有镜头',
  'Check that it is the right sheet: every shot of the storyboard would be skipped':
    '请确认是正确的工作表：否则分镜的每个镜头都会被跳过',
  'is a fragment: what its shots inherit is in the manifest that includes it':
    '是片段文件：镜头继承的内容在引用它的分镜表里',
  'Name that manifest: each shot is read and written in its own file':
    '请写那份分镜表：每个镜头在它自己的文件里读写',
  'cannot be read as a whole: {0}': '无法完整读取：{0}',
  'it is no manifest': '它不是分镜表',
  'Run `shotlist lint` on it, and mend what it shows first': '请对它运行 `shotlist lint`，先改正列出的地方',
  '`{0}` would still say another {1} than {2}: its cells contradict each other':
    '`{0}` 的 {1} 仍会与 {2} 不同：它的单元格互相矛盾',
  'A mode and media of another mode do not go together; correct the row, or make this change by hand':
    '模式与另一种模式的素材不能并存；请改正这一行，或手工修改',
  '`{0}` stands behind an alias or is no list': '`{0}` 在别名后面，或不是列表',
  '`{0}` is no list': '`{0}` 不是列表',
  '`{0}` stands where it cannot be taken out alone': '`{0}` 所在的位置无法单独取出',
  '`{0}` is shared with other places by a `&` anchor': '`{0}` 通过 `&` 锚点与别处共用',
  'Make this change by hand, then import again': '请手工修改，再重新导入',
  '`fps` is a number of frames in a second': '`fps` 是每秒帧数',
  'For example `fps: 24`': '例如 `fps: 24`',
  'This is no project name: lower-case letters, digits, `_` and `-`, at most 64':
    '这不能作项目名：只能用小写字母、数字、`_` 和 `-`，最多 64 个字符',
  'For example `project: neon-alley`': '例如 `project: neon-alley`',
  '`sheet` is the name of a sheet': '`sheet` 是工作表的名称',
  'For example `sheet: "Shots"`': '例如 `sheet: "Shots"`',
  'A column becomes a key of a shot': '一列对应镜头的一个键',
  'For example `{0}: prompt`': '例如 `{0}: prompt`',
  '`{0}` is nothing that a column can be': '一列不能是 `{0}`',
  'The header comes first: `{0}: {1}`': '列名写在前面：`{0}: {1}`',
  'This names no column': '这里没有写任何列',
  'A column stands in braces: {0}: "{Shot Size}, {Action}"': '列名写在花括号里：{0}: "{Shot Size}, {Action}"',
  'A value is built from columns, or translated word by word': '值由若干列拼成，或逐词翻译',
  'For example `prompt: "{Shot Size}, {Action}"`, or `model: { fast: videos_stable_fast }`':
    '例如 `prompt: "{Shot Size}, {Action}"`，或 `model: { fast: videos_stable_fast }`',
  'This names no parts': '这里没有写任何部分',
  'For example `{0}: "{scene}_{shot}"`': '例如 `{0}: "{scene}_{shot}"`',
  'This says no numbering: a number in braces, with what stands before and behind it':
    '这不是编号格式：花括号里写号码，前后写固定的部分',
  'For example `number: "sh{0}"`: sh0010, sh0020, …': '例如 `number: "sh{0}"`：sh0010、sh0020、…',
  'A constant is what a cell could hold: text, a number, true or false, or a list of texts':
    '常量是单元格能写的内容：文字、数字、true 或 false，或文字的列表',
  'For example `{0}: …`': '例如 `{0}: …`',
  '`fillDown` is a list of columns': '`fillDown` 是列的列表',
  'For example `fillDown: [Scene]`': '例如 `fillDown: [Scene]`',
  '{0} is a map': '{0} 是映射',
  'Write `name: value` lines; docs/spreadsheets.md has an example':
    '请写成 `name: value` 这样的行；例子见 docs/spreadsheets.md',
  'It can be one of {0}{1}': '可以是 {0}{1} 之一',
  'or x- and a name of your own': '或以 x- 开头的自定名称',
  '`{0}` is written by an alias (`*`), so it has no lines of its own':
    '`{0}` 是用别名（`*`）写的，没有自己的行',
  'not in {0} any more': '已不在 {0} 里',
  '{0}{1}skip: true # import: {2}': '{0}{1}skip: true # import: {2}',
  '`skip` of `{0}` is not written plainly': '`{0}` 的 `skip` 写法不寻常',
  '{0} more shots seem to have another key now': '另有 {0} 个镜头的键似乎也变了',
  '`{0}` says what `{1}` said, which the table has no more. If it is the same shot, then run this once it is written, or it is paid again: shotlist adopt {2} {3} {4}':
    '`{0}` 的内容就是 `{1}` 原来的内容，而表格里已没有后者。如果是同一个镜头，写入之后请运行这条命令，否则会再付一次钱：shotlist adopt {2} {3} {4}',
  'The table names no model: `defaults` begin with {0}; `shotlist models` lists the others':
    '表格没有写模型：`defaults` 先写 {0}；`shotlist models` 列出其他模型',
  'The table says of no shot how long it is: `defaults` begin with {0} seconds; change them there, or in shots':
    '表格没有写任何镜头的时长：`defaults` 先写 {0} 秒；请在那里或各镜头里修改',
  'No key of a shot is meant by {0}, so {1} kept as data of your own: {2}':
    '{0}不对应镜头的任何键，所以{1}作为你自己的数据保留：{2}',
  'this column': '这一列',
  'these columns': '这些列',
  'it is': '它',
  'they are': '它们',
  'and {0} more below it,': '以及下面另外 {0} 行',
  'Row {0}{1} {2} empty in the column `{3}`, so {4} of no scene. If cells are merged there, say in a mapping file: fillDown: ["{5}"]':
    '第 {0} 行{1}的 `{3}` 列为空，所以{4}不属于任何一场。若那里有合并的单元格，请在映射文件里写：fillDown: ["{5}"]',
  'its shot is': '那个镜头',
  'their shots are': '那些镜头',
  '`{0}` holds hours and minutes, which is what a spreadsheet makes of 0:05: they are read as minutes and seconds':
    '`{0}` 里是几时几分，这是表格软件对 0:05 的理解：按几分几秒读取',
  '{0} {1} up others, and {2} left out': '{0} 是其他行的合计，已略去',
  '{0} {1} left out': '{0} {1}略去',
  'has words in its first cell only: it is a heading, and is': '只有第一个单元格有文字：它是标题，已',
  'have words in their first cells only: they are headings, and are':
    '只有第一个单元格有文字：它们是标题，已',
  'The table has a row for each task: {0} rows are {1}': '表格里每个任务一行：{0} 行是 {1}',
  'Ids cannot have every character: {0}{1}': 'ID 不能含有任意字符：{0}{1}',
  'is damaged: it has no content': '已损坏：没有内容',
  'declares entities of its own, as no spreadsheet writes them': '声明了自己的实体，表格软件不会这样写',
  'is protected by a password': '有密码保护',
  'is damaged: {0}': '已损坏：{0}',
  'has cells as far as column {0}: that is no table of shots': '的单元格一直到 {0} 列：这不是镜头表',
  'repeats its rows more often than a table can hold': '重复的行多得超出任何表格',
  'the table cannot be read': '表格无法读取',
  '`{0}` does not look like `{1}`, by which the mapping takes it apart': '`{0}` 不像 `{1}`，而映射要按它拆开',
  'Correct the cell, or the line in the mapping file': '请改正单元格，或映射文件里的那一行',
  '`{0}` is a formula, and not what it comes to': '`{0}` 是公式，不是它的结果',
  'Save the values, not the formulas: copy the column and paste it as values; or write an apostrophe before the text':
    '请保存值而不是公式：复制这一列，再粘贴为值；或在文字前面加一个撇号',
  '`{0}` is text that a program read in the wrong encoding{1}': '`{0}` 曾被某个程序用错误的编码读取{1}',
  'it was `{0}` once': '原来是 `{0}`',
  'This row names no shot': '这一行没有写镜头',
  'Give it an id, or delete the row': '请写上 ID，或删去这一行',
  '`{0}` is in row {1} already': '`{0}` 已在第 {1} 行',
  'Keep one of the two rows, or give one another id': '请保留其中一行，或给其中一行换 ID',
  '{0}; a column for the scene tells apart shots of the same name': '{0}；加一列场号可以区分同名的镜头',
  '{0}. Where episodes count their shots anew, make the episode the scene in a mapping file: columns: { "{1}": scene }':
    '{0}。如果每集重新编镜号，请在映射文件里把集当作场：columns: { "{1}": scene }',
  '{0}. Where episodes have scenes of the same name, put both together in a mapping file: columns: { "{1}": scene, "{2}": scene }':
    '{0}。如果各集有同名的场，请在映射文件里把两者拼在一起：columns: { "{1}": scene, "{2}": scene }',
  'The {0} `{1}` is `{2}` in the storyboard: {3}': '{0} `{1}` 在分镜里是 `{2}`：{3}',
  'a program turned the id into a number': '有程序把 ID 变成了数字',
  'a spreadsheet dropped its zeros': '表格软件丢掉了前面的零',
  '`{0}` says {1}, and `{2}` {3}: nobody can tell which is meant':
    '`{0}` 写的是 {1}，而 `{2}` 是 {3}：无法判断以哪个为准',
  'Correct one of the two; or leave out the column that does not count: --ignore-column "{0}"':
    '请改正其中一个；或不读不算数的那一列：--ignore-column "{0}"',
  '{0} frames at {1} fps': '{0} 帧，每秒 {1} 帧',
  '`{0}` is no number of frames': '`{0}` 不是帧数',
  'Write a whole number': '请写整数',
  '`{0}` is no rate of frames': '`{0}` 不是帧率',
  'For example 24': '例如 24',
  'Save the sheet that holds the shots, with its header row': '请另存含有镜头和列名的那个工作表',
  'Split it, one file for each manifest': '请拆分，每份分镜表一个文件',
  'The columns are named in row {0}: what stands above it is left out': '列名在第 {0} 行：它上面的内容不读',
  'Column {0} has a cell here, and no name in the header': '{0} 列在这里有内容，却没有列名',
  'Name the column, or quote the cell before it if that holds the delimiter':
    '请写上列名；若前一个单元格含有分隔符，请给它加引号',
  'This row ends at column {0}, the header at column {1}': '这一行到 {0} 列为止，列名到 {1} 列',
  'Add the empty cells, or look for a line end that belongs into a quoted cell':
    '请补上空单元格，或看看是否有换行本该在引号里',
  '`{0}` says another `{1}` here than in row {2}, though both rows are tasks of one shot':
    '这里 `{0}` 的 `{1}` 与第 {2} 行不同，而两行是同一镜头的任务',
  'Correct one of the two, or leave the column out with --ignore-column':
    '请改正其中一个，或用 --ignore-column 不读这一列',
  '`{0}` is no duration': '`{0}` 不是时长',
  'Write seconds (5), a time (00:05 or 00:00:05:00), or frames (120f)':
    '请写秒数（5）、时间（00:05 或 00:00:05:00）或帧数（120f）',
  '`{0}` is neither a frame number nor a time': '`{0}` 既不是帧号也不是时间',
  'Write both as frames (1001) or both as times (00:00:05:00)':
    '两者请都写帧号（1001），或都写时间（00:00:05:00）',
  'Frames say nothing without their rate': '没有帧率，帧数就没有意义',
  'Add a column FPS, call with --fps 24, or write `fps: 24` into a mapping file':
    '请加一列 FPS，或用 --fps 24 调用，或在映射文件里写 `fps: 24`',
  'The out point {0} is not after the in point {1}': '出点 {0} 不在入点 {1} 之后',
  'Correct one of the two': '请改正其中一个',
  'is a binary workbook (.xlsb)': '是二进制工作簿（.xlsb）',
  'is an archive, and no .xlsx or .ods workbook': '是压缩包，不是 .xlsx 或 .ods 工作簿',
  'Open it in a spreadsheet and save it again as .xlsx, .ods or “CSV UTF-8”':
    '请在表格软件里打开，重新另存为 .xlsx、.ods 或 “CSV UTF-8”',
  'is a workbook that {0}': '这个工作簿{0}',
  'Its sheets are {0}': '它的工作表有 {0}',
  'Did you mean `{0}`? Its sheets are {1}': '是否想写 `{0}`？它的工作表有 {1}',
  'has no sheet `{0}`': '没有工作表 `{0}`',
  'has several sheets, and {0} looks like a table of shots': '有几个工作表，而{0}像镜头表',
  'more than one': '不止一个',
  'Say which is meant: --sheet "{0}". Its sheets are {1}': '请说明是哪一个：--sheet "{0}"。它的工作表有 {1}',
  '`{0}` is read, of the sheets {1}': '读取 `{0}`，工作表共有 {1}',
  'The cell {0}{1} of `{2}` is a formula that nobody has worked out: the file has no value for it':
    '`{2}` 的单元格 {0}{1} 是没有算过的公式：文件里没有它的值',
  'Open the workbook in a spreadsheet and save it, or save the values in place of the formulas':
    '请在表格软件里打开工作簿再保存，或用值代替公式',
  '{0} hidden in `{1}`, and read like the others': '`{1}` 里{0}隐藏的，与其他行一样读取',
  'Row {0} is': '第 {0} 行是',
  'Rows {0} are': '第 {0} 行是',
  '{0} {1} {2} hidden in `{3}`, and read like the others': '`{3}` 里 {1} {0} 是隐藏的，与其他列一样读取',
  'has cells as far as row {0} and column {1}: that is no table of shots':
    '的单元格一直到第 {0} 行、{1} 列：这不是镜头表',
  'is damaged: it was cut off on its way, or is no workbook': '已损坏：传输中被截断，或不是工作簿',
  'comes to far more than a table can hold once it is unpacked': '解压之后远超任何表格',
  'skip {0}': '跳过 {0}',
  'Only {0}': '只有 {0}',
  'Row {0}': '第 {0} 行',
  'Rows {0}{1}': '第 {0}{1} 行',
  'says nothing of columns': '没有说明各列',
  'Write `columns:` with lines as `Heading: taskId`; a column is one of {0}, ignore':
    '请写 `columns:`，下面的行写成 `列名: taskId`；一列可以是 {0} 或 ignore',
  '`{0}` is nothing that a column of a bill says': '账单的列不能是 `{0}`',
  'has no column for a task id, a time or a prompt: its columns are {0}':
    '没有任务 ID、时间或提示词的列：它的各列是 {0}',
  'Say what they mean in a file, with --map: `columns: { "{0}": taskId }`; a column is one of {1}, ignore':
    '请用 --map 指定的文件说明它们的含义：`columns: { "{0}": taskId }`；一列可以是 {1} 或 ignore',
  '{0}{1}: no time of day that is known, so it is left out': '{0}{1}：不是认得的时间，已略去',
};
