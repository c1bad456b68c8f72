import type { Messages } from '../phrasebook.ts';

/** Settings, approvals, reports, git and whatever else holds a project together. */
export const project: Messages = {
  '{0} would make another plan of {1}, which is sent as it was approved':
    '{0} 会改变 {1} 的计划，而它只按审批时的内容发送',
  'leave {0} out, or make a new plan with it': '请去掉 {0}，或带上它重新计划',
  '--give-up and --no-download exclude each other': '--give-up 与 --no-download 互相排斥',
  'a clip is given up only after one more try to save it': '只有再试存一次之后，才会放弃成片',
  '--download names no folder': '--download 没有写文件夹',
  'write --download DIR': '请写 --download DIR',
  'a task id is one word of ASCII characters': '任务 ID 是一个由 ASCII 字符组成的词',
  'copy it as the provider shows it': '请照服务方显示的样子复制',
  'Nothing was changed.': '什么也没有改动。',
  'Look for the id of the attempt that is in doubt. {0}': '请查找存疑的那次尝试的 ID。{0}',
  'the provider knows no task {0}': '服务方没有任务 {0}',
  'Copy the id as the provider shows it. Where there is none, settle with --not-submitted. {0}':
    '请照服务方显示的样子复制 ID。若没有任务，请用 --not-submitted 裁定。{0}',
  'whether there is a task {0} could not be asked: {1}': '无法询问是否有任务 {0}：{1}',
  'A task id is accepted once the provider confirms it: try again when it can be reached. Until then the request stays in doubt and is not sent again. {0}':
    '任务 ID 要由服务方确认才会接受：能连上时请重试。在那之前，请求保持存疑，不会再发。{0}',
  'shotlist {0} on Node.js {1}': 'shotlist {0}，Node.js {1}',
  'install Node.js {0} or newer': '请安装 Node.js {0} 或更新的版本',
  'the file that SHOTLIST_API_KEY_FILE names': 'SHOTLIST_API_KEY_FILE 指定的文件',
  '.env in this folder': '当前文件夹的 .env',
  'there is a key, from {0}': '有密钥，来自 {0}',
  '{0}; SHOTLIST_BASE_URL in .env is not used: {1}': '{0}；.env 里的 SHOTLIST_BASE_URL 不采用：{1}',
  'a gateway on this machine that pays': '本机上会计费的网关',
  'a rehearsal, nothing is paid; --real or SHOTLIST_REAL=1 says that a gateway there pays':
    '演练，不花钱；若那里是会计费的网关，请用 --real 或 SHOTLIST_REAL=1 说明',
  'needs a base URL first': '需要先有基础 URL',
  'none for {0}': '{0} 不用代理',
  '{0} contradicts itself in {1}': '{0} 有 {1}自相矛盾',
  'see them with: shotlist ledger verify <manifest>': '查看请用：shotlist ledger verify <manifest>',
  '{0} may not be written': '{0} 不可写',
  'give yourself permission to write it, or name another ledger with --ledger or SHOTLIST_LEDGER':
    '请给自己写入权限，或用 --ledger 或 SHOTLIST_LEDGER 指定别的账本',
  '{0} can be read and written': '{0} 可读写',
  'none yet; the first run makes {0}': '还没有；第一次提交会新建 {0}',
  'the provider was not reached, and is what it is compared with': '没有连上服务方，而时钟要与它对照',
  'it answers, and takes the key': '有应答，密钥有效',
  'it was not reached: {0}{1}': '没有连上：{0}{1}',
  'the key was refused: {0}': '密钥被拒：{0}',
  'check SHOTLIST_API_KEY: copy the key again from the provider':
    '请检查 SHOTLIST_API_KEY：重新从服务方复制密钥',
  'what answers is no Videos API': '应答的不是 Videos API',
  'check the base URL': '请检查基础 URL',
  'it answers, and does not refuse the key': '有应答，没有拒绝密钥',
  'it answers with trouble of its own: {0}': '有应答，但它自己出了问题：{0}',
  'the provider did not say what time it is': '服务方没有说明时间',
  "agrees with the provider's": '与服务方一致',
  'ahead of': '快于',
  "is {0} {1} the provider's": '{0} {1} 服务方',
  'set it by the network: signed URLs are judged by the time': '请通过网络校准：签名 URL 以时间为准',
  'a manifest from standard input has no name that it could be found by in git':
    '来自标准输入的分镜表没有名称，无法在 git 中查找',
  'name it there: --against {0}:path/to/storyboard.yaml':
    '请在那里写出名称：--against {0}:path/to/storyboard.yaml',
  'the path is relative to the top of the repository, or begins with ./': '路径相对于仓库顶层，或以 ./ 开头',
  'raise --max-increase, or change less': '请提高 --max-increase，或少改一些',
  'prices are in {0} now and were in {1}': '价格现在用 {0}，以前用 {1}',
  '--max-increase needs one currency to count in': '--max-increase 需要同一种货币才能计算',
  'a run costs {0} more than at {1}, and --max-increase allows {2}':
    '提交比 {1} 时多花 {0}，而 --max-increase 允许 {2}',
  'the first: {0}:{1}, {2}': '第一处：{0}:{1}，{2}',
  'At {0} the manifest has {1}{2}, so what they hide is not compared.':
    '在 {0} 处，分镜表有 {1}{2}，被它们遮住的内容没有比较。',
  'At {0} the manifest cannot be read{1}, so everything counts as added.':
    '在 {0} 处，分镜表无法读取{1}，所以全部算作新增。',
  '{0} is no ordinary file, but a pipe, a socket or a device': '{0} 不是普通文件，而是管道、套接字或设备',
  '{0} is a fragment of {1}': '{0} 是 {1} 的片段文件',
  'name the manifest: {0}': '请写分镜表：{0}',
  '{0} is a fragment, and no manifest includes it': '{0} 是片段文件，没有分镜表引用它',
  'add `version: 1` and `project: NAME` to make it a manifest, or list it under `include` of one':
    '加上 `version: 1` 和 `project: 名称` 使它成为分镜表，或把它列入某份分镜表的 `include`',
  'standard input as {0}': '标准输入作为 {0}',
  'it ended early': '它提前结束了',
  'git cannot read the files of that commit: {0}': 'git 无法读取那个提交的文件：{0}',
  'where objects are missing (a partial or damaged clone), fetch them: git fetch --refetch':
    '若缺少对象（不完整或损坏的克隆），请取回：git fetch --refetch',
  'is outside the git repository': '在 git 仓库之外',
  'Keep everything that the manifest names in it': '分镜表提到的一切都请放在仓库里',
  '{0} names two revisions, and the manifest is compared as it is here':
    '{0} 写了两个版本，而分镜表以这里的样子比较',
  'switch to {0} and compare with {1}: --against {2}': '请切换到 {0}，再与 {1} 比较：--against {2}',
  'not a git repository': '不是 git 仓库',
  'there is no file {0}, and {1} is in no git repository': '没有文件 {0}，{1} 也不在任何 git 仓库中',
  '--against takes a git ref such as origin/main, or another manifest file':
    '--against 接受 git 引用（例如 origin/main）或另一份分镜表',
  'git cannot read the repository: {0}': 'git 无法读取仓库：{0}',
  "'{0}' is no git ref": "'{0}' 不是 git 引用",
  '--against takes a branch, a tag, a commit, or another manifest file':
    '--against 接受分支、标签、提交，或另一份分镜表',
  'where HEAD left {0} is': 'HEAD 从 {0} 分出的地方',
  'HEAD and {0} have no commit in common': 'HEAD 与 {0} 没有共同的提交',
  'compare with {0} itself: --against {1}': '请与 {0} 本身比较：--against {1}',
  'the repository has no commit yet, so there is nothing to compare with': '仓库还没有任何提交，没有可比较的',
  'commit the manifest first; until then: --against old.yaml': '请先提交分镜表；在那之前：--against old.yaml',
  '{0} not in this clone, which is shallow: older commits are missing': '{0}不在这个浅克隆里：缺少较早的提交',
  'fetch that commit: git fetch --depth=1 origin {0}, then --against FETCH_HEAD':
    '请取回那个提交：git fetch --depth=1 origin {0}，然后用 --against FETCH_HEAD',
  'or all of them: git fetch --unshallow (in GitHub Actions, actions/checkout with fetch-depth: 0)':
    '或取回全部：git fetch --unshallow（在 GitHub Actions 里，用 actions/checkout 的 fetch-depth: 0）',
  'there is no file {0}, and no git ref of that name': '没有文件 {0}，也没有这个名称的 git 引用',
  'git branch -a lists the branches; a branch that is not there is fetched with git fetch':
    'git branch -a 列出各个分支；没有的分支请用 git fetch 取回',
  'git was not found': '找不到 git',
  'install git, or compare with a file: --against old.yaml': '请安装 git，或与文件比较：--against old.yaml',
  'the journal {0} was not written: {1}': '流水账 {0} 没有写入：{1}',
  'what was sent is in the ledger; the next run or collect of this manifest writes the journal again':
    '已发送的都在账本里；这份分镜表的下一次 run 或 collect 会重新写出流水账',
  'both are kept; look at them with: {0}': '两者都保留；查看请用：{0}',
  'Name another with --journal, or go on without one with --no-journal. Nothing was sent.':
    '请用 --journal 指定别的，或用 --no-journal 不用流水账。没有发送任何请求。',
  'the journal {0} is a folder': '流水账 {0} 是文件夹',
  'the journal {0} cannot be read: {1}': '流水账 {0} 无法读取：{1}',
  'To go on without it, add --no-journal: then what only it knows can be paid for again. Nothing was sent.':
    '若不用它继续，请加上 --no-journal：那样，只有它知道的付费可能会再付一次。没有发送任何请求。',
  'The storyboard was there before: take its history along with: {0}':
    '分镜以前在那里：请用这条命令把历史带过来：{0}',
  'ledger import': 'ledger import',
  'The storyboard was there before: move the folder .shotlist along with it, or name its ledger with --ledger {0}':
    '分镜以前在那里：请把 .shotlist 文件夹一起移过来，或用 --ledger {0} 指定它的账本',
  '{0} is not written: it is no ordinary file, but a pipe, a socket or a device':
    '没有写 {0}：它不是普通文件，而是管道、套接字或设备',
  'remove it, or name another file with --report; nothing was sent':
    '请删去它，或用 --report 指定别的文件；没有发送任何请求',
  "no file matches '{0}'": "没有文件符合 '{0}'",
  'check the pattern; `**` stands for any number of folders': '请检查通配符；`**` 表示任意层文件夹',
  "'{0}…' has {1} characters: no path has so many": "'{0}…' 有 {1} 个字符：没有这么长的路径",
  'name fewer files, or a folder with `**`': '请少写一些文件，或写文件夹加 `**`',
  'the media of {0} have {1}: nothing was sent': '{0} 的素材有 {1}：没有发送任何请求',
  'mend what is listed above; without --media nobody looks before the provider does':
    '请改正上面所列；不带 --media 时，要到服务方那里才会有人看',
  'SHOTLIST_BASE_URL in .env is not used: {0}': '.env 里的 SHOTLIST_BASE_URL 不采用：{0}',
  '{0} is what this command reads: it is not replaced': '{0} 正是这条命令要读的文件：不会替换它',
  'name another file to write; nothing was written': '请写别的输出文件；没有写入任何内容',
  '--resend {0} and what is selected exclude each other': '--resend {0} 与所选的范围互相排斥',
  'select {0} too, or leave --only, --tag and --scene out':
    '请把 {0} 也选上，或去掉 --only、--tag 和 --scene',
  'wait until that run is done': '请等那次提交结束',
  'it is in doubt, and may have been paid for': '它存疑，可能已经付过费',
  'settle it first: {0}': '请先裁定它：{0}',
  '--resend {0} sends nothing: {1}': '--resend {0} 什么也不会发送：{1}',
  '{0} names {1}, which is not in the manifest': '{0} 写的 {1} 不在分镜表里',
  'shotlist plan lists the keys': 'shotlist plan 列出所有的键',
  '{0} has {1}: nothing was sent': '{0} 有 {1}：没有发送任何请求',
  'mend what is listed above; `shotlist lint` shows the same list':
    '请改正上面所列；`shotlist lint` 显示的是同样的内容',
  'the manifest has errors; `diagnostics` and `summary` as in `lint`':
    '分镜表有错误；`diagnostics` 和 `summary` 与 `lint` 相同',
  'the plan would cross a limit': '计划会超出限制',
  'what a saved plan was approved against has moved': '计划审批时所依据的内容变了',
  'nobody confirmed that it may be sent': '没有人确认可以发送',
  'a decision that does not fit what the ledger knows': '裁定与账本所知的不符',
  'stopped on purpose for another reason': '因其他原因有意停下',
  'the call is wrong': '调用有误',
  'the ledger or the journal cannot be used': '账本或流水账无法使用',
  'another part of the set-up is wrong: key, base URL, a file':
    '环境的其他部分有问题：密钥、基础 URL、某个文件',
  'a person stopped it': '由人停下',
  'anything else': '其他情况',
  "{0} is a report of what was paid for, and stays: this rehearsal's is {1}":
    '{0} 是付过费的报告，保持不动：这次演练的报告是 {1}',
  'the old and the new name are the same': '新旧名称相同',
  'a scene becomes a scene: both are written with a slash at the end': '场只能改名为场：两个名称都以斜杠结尾',
  'another take is another request, so one cannot become the other':
    '另一条就是另一个请求，不能由一条变成另一条',
  'name the shot or the variant: its takes go along': '请写镜头或变体：它的所有条会一并带上',
  '{0} is not in the manifest': '{0} 不在分镜表里',
  '{0} is still in the manifest, so it was not renamed': '{0} 还在分镜表里，所以没有改名',
  'what was paid under a key that is there counts for that key': '现有的键名下付过的钱，就算在那个键上',
  'the report is as it was before: {0}': '报告还是原来的样子：{0}',
  "it counts only together with a key in the same file (SHOTLIST_API_KEY itself, no key file), so that a stranger's folder cannot redirect your key":
    '它只有与同一文件里的密钥（SHOTLIST_API_KEY 本身，而不是密钥文件）在一起才算数，以免陌生人的文件夹把你的密钥引到别处',
  'put the key there too, or name the provider with --base-url or in the environment':
    '请把密钥也写在那里，或用 --base-url 或环境变量指定服务方',
  'name a file, or leave it out for .shotlist/ledger.db beside the manifest':
    '请写文件；不写则为分镜表旁边的 .shotlist/ledger.db',
  'SHOTLIST_REAL is neither yes nor no': 'SHOTLIST_REAL 既不是“是”也不是“否”',
  'set it to 1, or leave it out': '请设为 1，或不设',
  '{0}{1} is no setting: did you mean {2}{3}?': '没有设置 {0}{1}：是否想写 {2}{3}？',
  'SHOTLIST_BASE_URL in .env': '.env 里的 SHOTLIST_BASE_URL',
  'the default': '默认值',
  'remove it, or make it a file of lines such as NAME=value':
    '请删去它，或让它成为由 NAME=value 这样的行组成的文件',
  '.env cannot be read: {0}': '.env 无法读取：{0}',
  'there is no API key': '没有 API 密钥',
  'set SHOTLIST_API_KEY, or SHOTLIST_API_KEY_FILE to a file that holds it, in the environment or in a .env file here':
    '请在环境变量或这里的 .env 文件中设置 SHOTLIST_API_KEY，或用 SHOTLIST_API_KEY_FILE 指定存放密钥的文件',
  'the API key {0}': 'API 密钥{0}',
  'put into {0} the key alone, as the provider shows it: quotes and the word Bearer are not part of it':
    '请在 {0} 里只写密钥，与服务方显示的一致：引号和 Bearer 一词不是密钥的一部分',
  'is in quotes': '带有引号',
  'begins with the word Bearer': '以 Bearer 一词开头',
  'has a space or a line break in it': '含有空格或换行',
  'holds characters other than ASCII': '含有 ASCII 以外的字符',
  'SHOTLIST_API_KEY_FILE in .env names {0}, which is not in this folder':
    '.env 里的 SHOTLIST_API_KEY_FILE 指定的 {0} 不在这个文件夹里',
  "a stranger's folder must not name a key of yours: set SHOTLIST_API_KEY_FILE in the environment instead":
    '陌生人的文件夹不该能指定你的密钥：请改在环境变量里设置 SHOTLIST_API_KEY_FILE',
  'cannot be read': '无法读取',
  'SHOTLIST_API_KEY_FILE names {0}, which {1}': 'SHOTLIST_API_KEY_FILE 指定的 {0} {1}',
  '{0} is being sent by another run, which will settle it': '{0} 正由另一次提交发送，由它来记录结果',
  '{0} is {1}: there is nothing to settle': '{0} 现为 {1}：没有什么要裁定的',
  'what became of it: {0}': '它的结果：{0}',
  '{0} was never sent: there is nothing to settle': '{0} 从未发送过：没有什么要裁定的',
  '{0} holds an answer that could not be recorded, and cannot be read':
    '{0} 里有一个没能记录的应答，无法读取',
  'look for a task id in it, settle its request with `shotlist resolve`, then remove the file':
    '请在其中查找任务 ID，用 `shotlist resolve` 裁定它的请求，然后删去这个文件',
  'another answer': '另一个应答',
  'the task {0}': '任务 {0}',
  '{0} says that {1} got {2} than the ledger has': '{0} 说 {1} 得到了{2}，与账本不同',
  'compare it with `shotlist history <manifest> {0}`, then remove the file':
    '请与 `shotlist history <manifest> {0}` 对照，然后删去这个文件',
  'what an earlier run could not record is not in the ledger yet: {0}':
    '上次提交没能记录的内容还没有进账本：{0}',
  'it is kept in {0}, and is taken in once the ledger can be written': '已存在 {0}，账本可写时就会读入',
  'the media that shots were paid with cannot be noted ({0}), so nothing will tell when they change':
    '无法记下各镜付费时用的素材（{0}），之后它们变了也不会提示',
  'what was paid is in the ledger all the same': '已付费的仍都在账本里',
  'what answers at {0} is not the emulator, and counts as a rehearsal: no journal is written, and no other ledger is asked what was paid':
    '在 {0} 应答的不是模拟服务方，仍算作演练：不写流水账，也不向其他账本查询付过什么',
  'if it passes requests on to a provider that bills them, say so with --real or SHOTLIST_REAL=1':
    '如果它会把请求转给计费的服务方，请用 --real 或 SHOTLIST_REAL=1 说明',
  'the report {0} cannot be written: there is no folder {1}': '报告 {0} 无法写入：没有文件夹 {1}',
  'create the folder, or name another file with --report; nothing was sent':
    '请新建文件夹，或用 --report 指定别的文件；没有发送任何请求',
  'It is another ledger than the one that paid. Name that one, or add --journal {0} to take in what this one lacks. To go on without it, add --no-journal: then what only the journal knows can be paid for again. Nothing was sent.':
    '这不是当初付费的那个账本。请指定那一个，或加上 --journal {0} 读入这里缺少的内容。若不用它继续，请加上 --no-journal：那样，只有流水账知道的付费可能会再付一次。没有发送任何请求。',
  'It is an older copy, or another ledger. Put the right one back, or take in its journal: {0}':
    '这是旧的副本，或是别的账本。请放回正确的那一个，或读入它的流水账：{0}',
  'If none of these was paid for, move the report away. Nothing was sent.':
    '如果其中没有一个付过费，请把报告移走。没有发送任何请求。',
  'the ledger {0} does not know {1} that {2} says were sent: {3}{4}':
    '账本 {0} 不知道 {1}，而 {2} 说它们已发送：{3}{4}',
  'the models file {0} does not fit: {1}': '模型文件 {0} 不合要求：{1}',
  'use {0}': '请用 {0}',
  'check the network, the proxy variables HTTPS_PROXY and NO_PROXY, and the base URL':
    '请检查网络、代理变量 HTTPS_PROXY 与 NO_PROXY，以及基础 URL',
  '{0} is': '{0} 是',
  'the approval of {0} ended at {1}: nothing was sent': '{0} 的审批已于 {1} 到期：没有发送任何请求',
  '{0} cannot be read, so nobody is known who may approve: nothing was sent':
    '{0} 无法读取，不知道谁有权审批：没有发送任何请求',
  '{0} was signed with the key {1}, which is none of the approvers in {2}: nothing was sent':
    '{0} 用密钥 {1} 签名，它不属于 {2} 里的审批人：没有发送任何请求',
  'the manifest names it as `approvers`: an OpenSSH allowed-signers file':
    '分镜表在 `approvers` 里写了它：一个 OpenSSH 的 allowed-signers 文件',
  'have one of them approve it; a key may also be listed there for another namespace or another time':
    '请让其中一人审批；密钥也可能列在那里，但属于别的命名空间或别的时间',
  '{0} is not what {1}.sig signs: nothing was sent': '{0} 与 {1}.sig 所签的内容不符：没有发送任何请求',
  "it was changed after it was signed, or the signature is another plan's. {0}":
    '它在签名之后被改动过，或者签名属于另一份计划。{0}',
  '{0} sends only a plan that one of {1} approved: nothing was sent':
    '{0} 只发送由 {1} 之一批准的计划：没有发送任何请求',
  'save the plan: {0}': '存下计划：{0}',
  'have a person approve it: {0}': '请人审批：{0}',
  'then send it: {0}': '然后发送：{0}',
  '{0} has no signature, and one of {1} must approve it: nothing was sent':
    '{0} 没有签名，须由 {1} 之一批准：没有发送任何请求',
  'Have a person look at it and approve it: {0}': '请人看过并审批：{0}',
  '{0} does not say which ledger it was approved for, so nothing was sent':
    '{0} 没有写明批准用于哪个账本，所以没有发送任何请求',
  '{0} was approved for the ledger {1}, and this one is {2}: nothing was sent':
    '{0} 批准用于账本 {1}，而这里是 {2}：没有发送任何请求',
  'an older release made it: make a new one with shotlist plan --out, and have that approved':
    '它由旧版本写成：请用 shotlist plan --out 重做一份，再送审批',
  'name that ledger, or have a plan approved that was made with this one':
    '请指定那个账本，或用这个账本重做计划并送审批',
  'all that {0} approves was sent before: nothing was sent': '{0} 批准的内容以前都发送过了：没有发送任何请求',
  'an approval holds once. Make a new plan with shotlist plan --out, and have that approved':
    '一次审批只管一次。请用 shotlist plan --out 重做一份，再送审批',
  'save one with shotlist plan --out plan.json, and approve that':
    '请用 shotlist plan --out plan.json 存下一份，再审批它',
  '{0} sends nothing, so there is nothing to approve': '{0} 什么也不发送，没有什么要审批的',
  '{0} is not as {1} approves it: nothing was sent': '{0} 与 {1} 批准的内容不符：没有发送任何请求',
  'send the plan that `project.plan()` gives for that file': '请发送 `project.plan()` 为那个文件给出的计划',
  "'{0}' is no time such as 30m, 48h or 7d, up to {1}d": "'{0}' 不是时间，例如 30m、48h 或 7d，最多 {1}d",
  'there is no SSH key to sign with': '没有可用来签名的 SSH 密钥',
  'name one with --key, or make one with: ssh-keygen -t ed25519':
    '请用 --key 指定，或生成一把：ssh-keygen -t ed25519',
  'name the file of your private SSH key with --key': '请用 --key 写出你的 SSH 私钥文件',
  '{0} (user.signingKey of git)': '{0}（git 的 user.signingKey）',
  'the plan could not be signed with {0}: {1}': '无法用 {0} 给计划签名：{1}',
  'name another key with --key, or add its passphrase to an agent with ssh-add; nothing was signed':
    '请用 --key 换一把密钥，或用 ssh-add 把它的口令加进 agent；没有签名',
  'the key of the SSH agent': 'SSH agent 里的密钥',
  'ssh-keygen was not found': '找不到 ssh-keygen',
  'ssh-keygen cannot be run: {0}': 'ssh-keygen 无法运行：{0}',
  'install OpenSSH (on Debian: openssh-client); approvals are its signatures. Nothing was sent.':
    '请安装 OpenSSH（Debian 上是 openssh-client）；审批就是它的签名。没有发送任何请求。',
  'the manifest names approvers, and none of them signed what was to be sent':
    '分镜表写了审批人，而要发送的内容没有经过任何一人签名',
  'the plan is not as it was signed': '计划与签名时不同',
  'the plan was signed by somebody who is no approver': '签名的人不是审批人',
  'the approval of the plan is over': '计划的审批已到期',
  'all that the plan approves was sent before': '计划批准的内容以前都发送过了',
  'A task id is accepted once the provider confirms it: try again when it can be reached. Until then the request stays as it is, and is not sent again. {0}':
    '任务 ID 要由服务方确认才会接受：能连上时请重试。在那之前，请求保持原样，不会再发。{0}',
  'a task is not what was asked for; `differences` says in what':
    '任务与所要的不符；`differences` 说明哪里不符',
  'name one request with its id': '请只写一个请求和它的 ID',
  'of the project {0}': '（项目 {0}）',
  'The provider itself answered {0} with it. Look for the id of the attempt that is in doubt. {1}':
    '服务方自己对 {0} 的应答就是它。请查找存疑的那次尝试的 ID。{1}',
  '{0}: {1} said so': '{0}：{1} 这样说过',
  'task {0} is not what {1} asked for: {2}': '任务 {0} 不是 {1} 所要的：{2}',
  'Look again which task is that of {0}. If it is this one all the same, add --force. Nothing was changed.':
    '请再看看哪个任务属于 {0}。若确实是这一个，请加上 --force。什么也没有改动。',
  'its model is {0}, and {1} was asked for': '它的模型是 {0}，而所要的是 {1}',
  '{0} {1} the request was sent': '请求发送{1}{0}',
  'it was made at {0}, {1}': '它建于 {0}，{1}',
  'its clip {0}': '它的成片{0}',
  'this ffmpeg cannot write text, so cards stay empty': '这个 ffmpeg 不能写文字，所以字卡是空的',
  'the film was not finished': '影片没有完成',
  'ffmpeg is not on the PATH, and a film needs it': 'PATH 里没有 ffmpeg，而影片需要它',
  'install ffmpeg, or write the cut as .otio, .edl, .fcpxml, .ffconcat or .csv':
    '请安装 ffmpeg，或把剪辑写成 .otio、.edl、.fcpxml、.ffconcat 或 .csv',
  'ffmpeg made no film: {0}': 'ffmpeg 没有做出影片：{0}',
  'the manifest has no shots to cut': '分镜表里没有可剪辑的镜头',
  '{0} has no extension, so its format is unknown': '{0} 没有扩展名，不知道格式',
  'no cut can be written as .{0}': '不能把剪辑写成 .{0}',
  '--scene {0} selects nothing': '--scene {0} 什么也没有选中',
  'the picked clip of {0} is not where it was saved, so it is not delivered':
    '{0} 选定的成片不在当初存放的地方，所以没有交付',
  'the picked clip of {0} is not where it was saved, so the cut goes on without it':
    '{0} 选定的成片不在当初保存的地方，所以剪辑里没有它',
  'where it was saved: {0}': '当初保存在：{0}',
  'say it in a few words': '请用几个词说明',
  'the {0} is {1} characters long; up to {2} are kept': '{0} 长 {1} 个字符；最多保留 {2} 个',
  'say it in a word, and the rest in a note': '请用一个词说明，其余写进备注',
  'the {0} holds {1}, which no terminal should get': '{0} 含有{1}，不该送到终端',
  '{0} and {1} are takes of one shot, of which one can be picked':
    '{0} 与 {1} 是同一镜头的不同条，只能选定其中一条',
  'the ledger knows no task {0} ({1})': '账本不知道任务 {0}（{1}）',
  'it may be in another ledger: take in its journal with shotlist ledger import. Nothing was changed.':
    '它可能在另一个账本里：请用 shotlist ledger import 读入它的流水账。什么也没有改动。',
  '{0} has no clip to pick: it is {1}': '{0} 没有可选定的成片：它现为 {1}',
  'an earlier clip is there: add --attempt {0}. Nothing was changed.':
    '有一条较早的成片：请加上 --attempt {0}。什么也没有改动。',
  'no task came of attempt {0} of {1}': '{1} 的第 {0} 次尝试没有产生任务',
  'it has {0}. Nothing was changed.': '它有 {0}。什么也没有改动。',
  'what would be sent: {0}': '会发送的内容：{0}',
  'the command': '命令',
  '{0} holds no decisions': '{0} 里没有取舍',
  'it is the file that the report page saves with “Export decisions”':
    '应是报告网页用 “Export decisions” 存下的文件',
  '{0} is of version {1}, and this release knows 1': '{0} 的版本是 {1}，而这里只认得 1',
  '{0} holds decisions on {1}, and this is {2}': '{0} 里是对 {1} 的取舍，而这里是 {2}',
  'name the manifest that the page was made from': '请写生成那个网页的分镜表',
  'decision {0} of {1} is none: {2}': '{1} 的第 {0} 条取舍不成立：{2}',
  'the ledger {0} did not know {1} that {2} says {3} sent: {4}':
    '账本 {0} 原来不知道 {1}，而 {2} 说{3}已发送：{4}',
  'They count from now on, and are not paid again. Unless they were sent from another checkout, this ledger has lost them: its -wal file was deleted or cut, or an older copy was put back. Keep ledger.db together with its -wal file.':
    '从现在起它们都算数，不会再付一次。除非它们是从另一个检出发送的，否则就是这个账本把它们丢了：它的 -wal 文件被删除或截断，或放回了旧的副本。请让 ledger.db 与它的 -wal 文件待在一起。',
  'SHOTLIST_LEDGER in .env names {0}, which is not in this work tree':
    '.env 里的 SHOTLIST_LEDGER 指定的 {0} 不在这个工作区里',
  "a stranger's folder must not lead your ledger elsewhere: if it is meant, set SHOTLIST_LEDGER in the environment, or use --ledger. Nothing was sent.":
    '陌生人的文件夹不该把你的账本引到别处：如果本意如此，请在环境变量里设置 SHOTLIST_LEDGER，或使用 --ledger。没有发送任何请求。',
  'It is an older copy, another ledger, or one whose -wal file was deleted or cut. Put the right one back, or take in its journal: {0}':
    '这是旧的副本、别的账本，或是 -wal 文件被删除或截断的账本。请放回正确的那一个，或读入它的流水账：{0}',
  '{0} can be read and written{1}': '{0} 可读写{1}',
  'name a manifest, a folder, a file that ends in .db, or a server: postgres://host/database':
    '请写分镜表、文件夹、以 .db 结尾的文件，或服务器：postgres://host/database',
  'make it with: shotlist ledger init': '新建请用：shotlist ledger init',
  'put the URL into SHOTLIST_LEDGER, or the password into PGPASSWORD or .pgpass':
    '请把 URL 放进 SHOTLIST_LEDGER，或把密码放进 PGPASSWORD 或 .pgpass',
  'everybody on this machine can read a password that --ledger names':
    '--ledger 里的密码，这台机器上的人都能读到',
  '{0} takes files, and anybody can read them by their addresses': '{0} 接受文件，任何人都能按地址读取',
  'a file was put, and reading it without keys answers {0}': '放了一个文件，而不用密钥读取它时返回 {0}',
  'check `publicBase` of the `store`, and that everybody may read under it':
    '请检查 `store` 的 `publicBase`，并确认其下人人可读',
  'check that the keys may read, and that the clock is right': '请确认密钥可以读取，且时钟正确',
  'local files could not be uploaded, and nothing was sent': '本地文件无法上传，没有发送任何请求',
  '{0} {1} not set': '{0} {1} 没有设置',
  'there are no keys for the store: {0}': '没有存储的密钥：{0}',
  'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN for temporary ones) in the environment, or all of them in a .env file here':
    '请在环境变量中设置 AWS_ACCESS_KEY_ID 和 AWS_SECRET_ACCESS_KEY（临时密钥还要 AWS_SESSION_TOKEN），或全部写在这里的 .env 文件中',
  '{0} could not be uploaded, so {1} is not sent: {2}': '{0} 无法上传，所以 {1} 没有发送：{2}',
  '{0} has changed since the plan was made: plan again': '{0} 在计划作出之后变了：请重新计划',
  'the store cannot be asked what it has: {0}': '无法询问存储有哪些文件：{0}',
  '{0}; nothing was sent': '{0}；没有发送任何请求',
  '{0} could not be uploaded, so nothing was sent: {1}{2}': '{0} 无法上传，所以没有发送任何请求：{1}{2}',
  'needed by {0}{1}': '{0}{1} 需要它',
  'to send the requests that need none of them: --partial': '要发送不需要它们的请求：--partial',
  'mend the errors, as their help says, and look again': '请按各错误的建议改正，再看一遍',
  'see what a run would send': '看看提交会发送什么',
  'say whether {0} is {1} now: it was paid under that name':
    '请说明 {0} 现在是否就是 {1}：它曾以那个名称付费',
  'see what a run would send of what is pending': '看看提交会发送哪些尚未发送的请求',
  'send what was approved, once': '发送批准过的内容，只此一次',
  'mend what is listed, as its help says, and look again': '请按建议改正所列的地方，再看一遍',
  'make a new plan with `plan --out`, and look at it': '请用 `plan --out` 重做计划，看过后再用',
  'have a person look at the plan and approve it': '请人看过计划并审批',
  'see what would be sent': '看看会发送什么',
  'send it, once somebody has said that it may be': '有人同意之后，发送它',
  'see what would be sent, and choose less of it; a person decides on more':
    '看看会发送什么，少选一些；要多发由人决定',
  'see where every request stands': '看看每个请求进行到哪一步',
  'see what is wrong with the set-up, and what to do about it': '看看环境哪里有问题、该怎么办',
  'see how the commands are called': '看看各命令怎么调用',
  'send exactly this plan, once somebody has looked at it': '有人看过之后，原样发送这份计划',
  'save the plan, for a person to approve': '存下计划，供人审批',
  'look at the provider for what is in doubt, and say what became of it: it may have been paid for':
    '请到服务方查找存疑的请求，并说明结果：它可能已经付过费',
  'wait for the tasks, and save their clips: result URLs live about a day':
    '等待任务并保存成片：成片的地址大约一天后失效',
  'mend what failed or was refused, or submit it as it is, and pay for it again':
    '失败或被拒的请先改正，或原样再提交，再付一次钱',
};
