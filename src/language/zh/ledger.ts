import type { Messages } from '../phrasebook.ts';

/** What the ledger, its journal and its files have to say. */
export const ledger: Messages = {
  'nothing was ever sent under {0}': '{0} 名下从未发送过任何请求',
  'shotlist plan shows under which name a renamed request was paid.':
    'shotlist plan 会显示改名的请求当初以什么名称付费。',
  '{0} is about to be sent by a live run': '{0} 即将由一次进行中的提交发送',
  'Wait until that run is done, or stop it. Nothing was changed.':
    '请等那次提交结束，或停掉它。什么也没有改动。',
  '{0} was paid itself, so it cannot take over what was paid under {1}':
    '{0} 自己也付过费，所以不能接过 {1} 名下的付费',
  'Both stay in the report. Nothing was changed.': '两者都保留在报告里。什么也没有改动。',
  'the project {0}': '项目 {0}',
  'it is {0}, after {1}': '它现在是 {0}，此前是 {1}',
  'what was sent under this name has another one now': '以这个名称发送的请求现在用了别的名称',
  '{0} was not sent: another version of it is {1}': '{0} 没有发送：它的另一个版本{1}',
  'being sent by a live run': '正由进行中的提交发送',
  'Settle it with: shotlist resolve <manifest> {0}': '请用这条命令裁定：shotlist resolve <manifest> {0}',
  'Plan again later.': '请稍后重新计划。',
  'another run has sent the same as {0} meanwhile': '另一次提交在此期间发送了与 {0} 相同的请求',
  '{0} is no longer as the plan saw it: {1}': '{0} 已经不是计划时的样子：{1}',
  'Another run, or a person, was faster; it was not sent from here. Plan again.':
    '另一次提交或别人抢先了一步；这里没有发送它。请重新计划。',
  '{0} knows {1}, of which this ledger knows nothing': '{0} 知道 {1}，而这个账本一无所知',
  'this ledger knows {0}, of which {1} knows nothing': '这个账本知道 {0}，而 {1} 一无所知',
  'settled: task {0}': '已裁定：任务 {0}',
  'the ledger holds no request {0} like this one': '账本里没有这样的请求 {0}',
  '{0} needs the id of its task': '{0} 需要写出任务 ID',
  'task {0} is that of an earlier attempt of {1}': '任务 {0} 属于 {1} 以前的一次尝试',
  'task {0} belongs to {1}, so it cannot be that of {2}': '任务 {0} 属于 {1}，不可能是 {2} 的',
  'Look for the id of the attempt that is in doubt; nothing was changed.':
    '请查找存疑的那次尝试的 ID；什么也没有改动。',
  '{0} is being sent by a live run ({1}), which will settle it':
    '{0} 正由进行中的提交（{1}）发送，由它来记录结果',
  'Wait until that run is done, or stop it.': '请等那次提交结束，或停掉它。',
  '{0} is {1}: only what was abandoned can be reopened': '{0} 现为 {1}：只有已放弃的才能重新接手',
  '{0} is {1}: there is no doubt to settle': '{0} 现为 {1}：没有疑问需要裁定',
  '{0} reserved by other runs': '其他提交预留 {0}',
  'this plan would bring the project to {0}, over {1} of {2}: {3} spent{4}, {5} in this plan':
    '这份计划会使项目达到 {0}，超过 {2} 的 {1}：已花费 {3}{4}，这份计划 {5}',
  'Raise {0} in the manifest to at least {1}, or send less with --only, --tag, --scene or --limit. Nothing was sent.':
    '请把分镜表里的 {0} 提高到至少 {1}，或用 --only、--tag、--scene、--limit 少发一些。没有发送任何请求。',
  'whether budget.maxCost holds cannot be known: {0} has no price':
    '无法得知是否超过 budget.maxCost：{0} 没有价格',
  'Add the price of one request under budget.prices.{0} in the manifest. Nothing was sent.':
    '请在分镜表的 budget.prices.{0} 下写明单个请求的价格。没有发送任何请求。',
  'whether budget.maxCost holds cannot be known: it is in {0}, and this project has paid in {1}':
    '无法得知是否超过 budget.maxCost：它用 {0}，而这个项目用 {1} 付过费',
  'no currency': '无货币',
  'Give budget.currency the currency in which the project has paid. Nothing was sent.':
    '请把 budget.currency 设为项目付费所用的货币。没有发送任何请求。',
  'run {0} claimed it otherwise than this ledger knows': '提交 {0} 认领它时的内容与这个账本所知的不同',
  'there are two different answers to attempt {0} of run {1}': '提交 {1} 的第 {0} 次尝试有两个不同的应答',
  '{0}; it was sent from here, so it stays in doubt until somebody settles it here':
    '{0}；它是从这里发送的，所以在有人于此处裁定之前一直存疑',
  'an unknown task': '未知的任务',
  'it was sent from two ledgers that did not know of each other, so it was paid twice: {0}':
    '它由两个互不知情的账本发送，所以付了两次钱：{0}',
  'its task {0} is that of {1} as well': '它的任务 {0} 也属于 {1}',
  'another request': '另一个请求',
  'the answer that named its task': '指明其任务的应答',
  'the claim that it belongs to': '它所属的认领',
  'the history has a hole: {0} has an event ({1}, {2}) without {3}':
    '历史有缺口：{0} 有一个事件（{1}，{2}）缺少{3}',
  'Lines were lost, perhaps in a merge. Get the whole file back from git, and keep the lines of both sides. Nothing was taken in, and nothing was sent.':
    '有几行丢失了，可能是合并时丢的。请从 git 取回完整的文件，并保留双方的行。没有读入，也没有发送任何请求。',
  'its body names the model {0}, not {1}': '它的请求内容写的是模型 {0}，而不是 {1}',
  'its body is not what its fingerprint was made of': '它的请求内容与指纹不符',
  'its key is not made of its scene, shot and variant': '它的键与它的场、镜头和变体不符',
  'a {0} event has no time: {1}': '一个 {0} 事件没有时间：{1}',
  'attempt {0} of run {1}': '提交 {1} 的第 {0} 次尝试',
  '{0} was claimed twice': '{0}被认领了两次',
  'an attempt has the number {0}': '有一次尝试的编号是 {0}',
  'attempt {0} was claimed by run {1}, which was never registered':
    '第 {0} 次尝试由提交 {1} 认领，而那次提交从未登记',
  'attempt {0} has the price {1}': '第 {0} 次尝试的价格是 {1}',
  'attempt {0} of run {1} was answered twice': '提交 {1} 的第 {0} 次尝试得到了两次应答',
  'attempt {0} has a task without an id': '第 {0} 次尝试有任务却没有 ID',
  'nobody is named who settled attempt {0}': '没有写明第 {0} 次尝试由谁裁定',
  'attempt {0} was settled while it was {1}': '第 {0} 次尝试在{1}时就被裁定',
  'a {0} event ({1}) is not what its id says that it was': '一个 {0} 事件（{1}）与它的 ID 不符',
  'a {0} event ({1}) is filed here, and belongs to {2} in {3}':
    '一个 {0} 事件（{1}）记在这里，却属于 {3} 的 {2}',
  'attempt {0} of run {1} was answered and never claimed': '提交 {1} 的第 {0} 次尝试有应答，却从未认领',
  'a person settled attempt {0} of run {1}, which had not been claimed':
    '有人裁定了提交 {1} 的第 {0} 次尝试，而它从未认领',
  'something was learnt of task {0}, which is not its own': '得知了任务 {0} 的消息，而它不是自己的任务',
  'a clip of task {0} is spoken of, which is not its own': '提到了任务 {0} 的成片，而它不是自己的任务',
  'it was renamed to {0}, and nothing was ever sent under its old name':
    '它改名为 {0}，而旧名称下从未发送过任何请求',
  'its task {0} is held by no request': '它的任务 {0} 不属于任何请求',
  'task {0} is held, and no event names it': '任务 {0} 有归属，却没有事件提到它',
  'task {0} is held here, and came back for another request': '任务 {0} 归在这里，却作为另一个请求的应答返回',
  'task {0} came back for {1} requests: one of them has no task of its own':
    '任务 {0} 作为 {1} 个请求的应答返回：其中一个没有自己的任务',
  'Get the whole file back with: git checkout -- <file>. To go on without it, add --no-journal: then what only it knows can be paid for again. Nothing was changed, and nothing was sent.':
    '请取回完整的文件：git checkout -- <file>。若不用它继续，请加上 --no-journal：那样，只有它知道的付费可能会再付一次。什么也没有改动，也没有发送任何请求。',
  'the journal has a merge conflict: {0}': '流水账有合并冲突：{0}',
  'Keep the lines of both sides: delete only the lines that begin with <<<<<<<, =======, ||||||| or >>>>>>>. The line "*.ledger.jsonl merge=union" in .gitattributes lets git do that by itself. Nothing was changed, and nothing was sent.':
    '请保留双方的行：只删去以 <<<<<<<、=======、||||||| 或 >>>>>>> 开头的行。在 .gitattributes 里写上 "*.ledger.jsonl merge=union"，git 就会自动这样做。什么也没有改动，也没有发送任何请求。',
  'ends in the middle of a line': '在一行中间断开了',
  'holds a line that is not whole': '有一行不完整',
  'the journal {0}: {1}': '流水账{0}：{1}',
  'the journal holds a line that is no event: {0}': '流水账里有一行不是事件：{0}',
  'the journal holds a line that was changed: {0}': '流水账里有一行被改动过：{0}',
  'the journal holds a line with {0}, which no release writes: {1}':
    '流水账里有一行含有{0}，任何版本都不会这样写：{1}',
  'Somebody made it by hand, to be shown on a terminal. {0}': '这是有人手工写的，为了在终端上显示。{0}',
  'the journal was written by a newer release ({0}: version {1}, this one knows {2})':
    '流水账由更新的版本写成（{0}：版本 {1}，这里只认得 {2}）',
  'Install the release that the others use. Nothing was changed, and nothing was sent.':
    '请安装其他人使用的版本。什么也没有改动，也没有发送任何请求。',
  'a ledger cannot be kept at {0}: nothing here answers to {1}://': '账本不能放在 {0}：这里不支持 {1}://',
  'Name a file with --ledger or SHOTLIST_LEDGER, for example .shotlist/ledger.db':
    '请用 --ledger 或 SHOTLIST_LEDGER 指定文件，例如 .shotlist/ledger.db',
  'the ledger {0} names no file of this machine': '账本 {0} 不是本机的文件',
  'Write it as file:///folder/ledger.db, or as a plain path': '请写成 file:///folder/ledger.db，或普通路径',
  'the ledger is closed': '账本已关闭',
  'another ledger has recorded that it was {0}': '另一个账本的记录说它{0}',
  'was given up': '已被放弃',
  'never reached the provider': '从未到达服务方',
  '{0} said elsewhere that it {1}': '{0} 在别处说它{1}',
  'the run that claimed it ended before it recorded an answer': '认领它的那次提交在记录应答之前就结束了',
  'a person gave its clip up, which nobody saved in time': '有人放弃了它的成片，因为没有及时存下',
  '{0}; {1}, which counts once somebody says so here': '{0}；{1}，要在这里确认之后才算数',
  'the ledger': '账本',
  'it is {0} now': '它现在是 {0}',
  'what became of it': '它的结果',
  'It is kept in {0}; the next command that opens the ledger takes it in.':
    '已存在 {0}；下一条打开账本的命令会读入它。',
  'It could not be kept beside the ledger either. Write it down, and settle it later with: shotlist resolve <manifest> {0}{1}':
    '也无法存在账本旁边。请记下来，以后用这条命令裁定：shotlist resolve <manifest> {0}{1}',
  '{0} was sent, but {1} could not be recorded: {2}': '{0} 已发送，但{1}无法记录：{2}',
  'the life lock of run {0} was removed, so other runs take it for dead':
    '提交 {0} 的存活锁被删除了，其他提交会以为它已经结束',
  'Nothing more is sent. Leave the folder runs beside the ledger alone while something runs, and run again.':
    '不再发送任何请求。有提交进行时，请不要动账本旁边的 runs 文件夹；然后再次提交。',
  "{0} is not a ledger: it is another program's database": '{0} 不是账本：它是另一个程序的数据库',
  'Name the right file with --ledger or SHOTLIST_LEDGER. The file was not changed.':
    '请用 --ledger 或 SHOTLIST_LEDGER 指定正确的文件。文件没有改动。',
  'the ledger cannot keep a write-ahead log (its mode is {0})': '账本无法使用预写日志（模式为 {0}）',
  'Put it on a local disk with --ledger or SHOTLIST_LEDGER.':
    '请用 --ledger 或 SHOTLIST_LEDGER 把它放到本地磁盘。',
  'the ledger {0} is damaged: {1}': '账本 {0} 已损坏：{1}',
  'it cannot be checked': '无法检查',
  'Put back a copy of it, together with its -wal file. Moving it away makes the program forget what was paid. Nothing was sent.':
    '请放回它的备份，连同它的 -wal 文件。移走它会让程序忘记哪些付过钱。没有发送任何请求。',
  'Nothing was sent on the strength of it.': '没有据此发送任何请求。',
  'the ledger {0} cannot be used: {1}': '账本 {0} 无法使用：{1}',
  'Check the folder and its permissions, or name another ledger with --ledger. {0}':
    '请检查文件夹和权限，或用 --ledger 指定别的账本。{0}',
  'the ledger {0} is held by another process': '账本 {0} 被另一个进程占用',
  'Wait until that process is done (or stopped ones go on), then try again. {0}':
    '请等那个进程结束（或让停住的进程继续），然后重试。{0}',
  'the ledger {0} cannot be written': '账本 {0} 无法写入',
  'Allow writing to the file and to its folder. {0}': '请允许写入该文件及其文件夹。{0}',
  'the ledger {0} cannot be written: the disk is full': '账本 {0} 无法写入：磁盘已满',
  'Make room on that disk, then try again. {0}': '请腾出磁盘空间，然后重试。{0}',
  'the ledger {0} cannot be opened': '账本 {0} 无法打开',
  'Check that the folder exists and that it, and the file, may be read and written. {0}':
    '请确认文件夹存在，且文件夹和文件都可读写。{0}',
  '{0} is not a ledger: it is no SQLite database': '{0} 不是账本：它不是 SQLite 数据库',
  'Name the right file with --ledger, or move this one away. {0}':
    '请用 --ledger 指定正确的文件，或把这个移走。{0}',
  'Put back a copy of it, together with its -wal file. Moving it away makes the program forget what was paid. {0}':
    '请放回它的备份，连同它的 -wal 文件。移走它会让程序忘记哪些付过钱。{0}',
  'the ledger {0} cannot be read or written: {1}': '账本 {0} 无法读写：{1}',
  'The file is not as this program left it. Put back a copy of it. {0}':
    '文件不是本程序留下的样子。请放回它的备份。{0}',
  'the ledger {0} is missing, but its log {1}-wal is there': '账本 {0} 不见了，但它的日志 {1}-wal 还在',
  'Put the file back beside its log: both together hold what was paid. If they are of no use, move the log away.':
    '请把文件放回日志旁边：两者合在一起才知道哪些付过钱。若都没有用了，请把日志移走。',
  'no ordinary file': '不是普通文件',
  'the ledger cannot be {0}: that is {1}': '账本不能是 {0}：那{1}',
  'the ledger {0} is one file under {1} names (hard links)':
    '账本 {0} 是同一个文件的 {1} 个名称之一（硬链接）',
  'Under each name it would forget what was paid under the other. Make it a file of its own: copy it, put the copy in its place, and take in the journal of the other with `shotlist ledger import`. Nothing was changed, and nothing was sent.':
    '用其中一个名称时，会忘记用另一个名称付过的钱。请让它成为独立的文件：复制它，把副本放在原处，再用 `shotlist ledger import` 读入另一个的流水账。什么也没有改动，也没有发送任何请求。',
  'the ledger {0} is on a network file system ({1})': '账本 {0} 在网络文件系统上（{1}）',
  'Locks cannot be trusted there, so a request could be paid twice. Name a file on a local disk with --ledger or SHOTLIST_LEDGER.':
    '那里的锁不可靠，一个请求可能付两次钱。请用 --ledger 或 SHOTLIST_LEDGER 指定本地磁盘上的文件。',
  'the ledger {0} was removed or replaced while it was in use': '账本 {0} 在使用中被删除或替换了',
  'Nothing more is sent. Put the file back where it was, with its -wal file, before the next run: without it, what was paid is not known.':
    '不再发送任何请求。下次提交之前，请把文件连同 -wal 文件放回原处：没有它，就不知道哪些付过钱。',
  'no life lock for this run could be taken in {0}': '无法在 {0} 为这次提交取得存活锁',
  'Check that the folder may be written, and try again. Nothing was sent.':
    '请确认文件夹可写，然后重试。没有发送任何请求。',
  'row {0} of {1} points to a row of {2} that is not there': '{1} 的第 {0} 行指向 {2} 中不存在的行',
  'SQLite says: {0}': 'SQLite 报告：{0}',
  'resolved: {0}': '已裁定：{0}',
  '{0} is settled like that already, by {1}': '{0} 已经这样裁定过，由 {1}',
  '{0} was sent again on the strength of what {1} decided about attempt {2}: attempt {3} is there':
    '根据 {1} 对第 {2} 次尝试的裁定，{0} 已再次发送：现有第 {3} 次尝试',
  'That decision stays. Where the attempt turns out to have a task, say so with --task-id: it counts as paid then. Nothing was changed.':
    '那个裁定保留。若后来发现那次尝试有任务，请用 --task-id 说明：它就算作已付费。什么也没有改动。',
  'That decision stays. Nothing was changed.': '那个裁定保留。什么也没有改动。',
  'The provider itself answered with task {0}, which no decision changes.':
    '服务方自己的应答就是任务 {0}，裁定改变不了它。',
  '{0}; it was sent from here, so it stays {1} until somebody settles it here':
    '{0}；它是从这里发送的，所以在有人于此处裁定之前一直为 {1}',
  '{0} has no clip to pick: its task {1} is {2}': '{0} 没有可选定的成片：它的任务 {1} 为 {2}',
  '{0}, neither knowing of the other; the later pick holds': '{0}，彼此不知情；以后选的为准',
  'the other ledger holds something else already': '另一个账本里已有别的内容',
  'the copy is not the same': '副本与原来的不同',
  'a run of {0} is at work on the project {1}': '{0} 正在提交项目 {1}',
  'Copy once it is done. Nothing was changed.': '请等它结束再复制。什么也没有改动。',
  'Copy into an empty ledger: another file, or another ?schema=… Nothing was changed in the old one.':
    '请复制到空账本：另一个文件，或另一个 ?schema=… 旧账本没有改动。',
  'the run of {0} ({1}) lost its connection to the ledger, and may still get an answer':
    '{0}（{1}）的提交与账本断了连接，仍可能收到应答',
  'Name a file with --ledger or SHOTLIST_LEDGER, for example .shotlist/ledger.db, or a server: postgres://host/database':
    '请用 --ledger 或 SHOTLIST_LEDGER 指定文件，例如 .shotlist/ledger.db，或服务器：postgres://host/database',
  '{0} cannot be copied into itself': '{0} 不能复制到自己',
  'run {0} was away for so long that it was taken for dead': '提交 {0} 离开太久，已被当作结束',
  'Nothing more is sent by it. Run again: what it left is planned anew.':
    '它不再发送任何请求。请再次提交：剩下的会重新计划。',
  "the connection to the ledger's server was lost: {0}": '与账本服务器的连接中断：{0}',
  'Check the server and the network, and run again: everything starts from what the ledger holds.':
    '请检查服务器和网络，再次提交：一切都从账本所知的接着来。',
  'the ledger {0} cannot be reached: {1}': '账本 {0} 无法连接：{1}',
  'Check user and password: before the @ of the URL, in PGPASSWORD, or in .pgpass.':
    '请检查用户名和密码：写在 URL 的 @ 之前、PGPASSWORD 或 .pgpass。',
  'That is a pooler such as PgBouncer, where no lock can be trusted: connect to the server itself.':
    '那是 PgBouncer 之类的连接池，锁在那里不可靠：请直接连接服务器。',
  'Make the database first: CREATE DATABASE, or createdb.': '请先建数据库：CREATE DATABASE，或 createdb。',
  'Check sslmode and sslrootcert: the server has to show a certificate that you trust.':
    '请检查 sslmode 和 sslrootcert：服务器须出示你信任的证书。',
  'Check host, port and network, and that the server runs.': '请检查主机、端口和网络，并确认服务器在运行。',
  'the ledger {0} {1}': '账本 {0} {1}',
  'does not let this user do that: {0}': '不允许这个用户这样做：{0}',
  'Ask for the grants that docs/team.md names.': '请申请 docs/team.md 里列出的权限。',
  'is not there': '不存在',
  'Make it with: shotlist ledger init.': '新建请用：shotlist ledger init。',
  'may only be read': '只能读取',
  'Name the primary server, or a user that may write.': '请指定主服务器，或有写入权限的用户。',
  'is held by another process for long': '长时间被另一个进程占用',
  'Wait until that process is done, then try again.': '请等那个进程结束，然后重试。',
  'cannot be written: the disk of the server is full': '无法写入：服务器的磁盘已满',
  'Make room there, then try again.': '请在那里腾出空间，然后重试。',
  'cannot be used: {0} ({1})': '无法使用：{0}（{1}）',
  "Look into the server's log.": '请查看服务器的日志。',
  'no reason was given': '没有说明原因',
  'the ledger {0} was migrated by a newer release (schema {1}, this one knows {2})':
    '账本 {0} 已由更新的版本升级（schema {1}，这里只认得 {2}）',
  'Install the release that the others use. Nothing was changed and nothing was sent.':
    '请安装其他人使用的版本。什么也没有改动，也没有发送任何请求。',
  'the schema {0} at {1} holds something that is no ledger': '{1} 的 schema {0} 里有不是账本的内容',
  'Name another schema, as in ?schema=neon_alley. Nothing was changed.':
    '请指定别的 schema，例如 ?schema=neon_alley。什么也没有改动。',
  'another ledger answers at {0} now': '现在 {0} 应答的是另一个账本',
  'Nothing more is sent. Look which server that is, then run again.':
    '不再发送任何请求。请看看那是哪台服务器，再次提交。',
  'the ledger {0} was made by an older release': '账本 {0} 由旧版本建立',
  'Bring it forward with: shotlist ledger migrate. Nothing was changed.':
    '升级请用：shotlist ledger migrate。什么也没有改动。',
  '{0} is behind a pooler that shares connections, so no lock can be trusted there':
    '{0} 在共用连接的连接池后面，锁在那里不可靠',
  'Connect to the server itself: its own port, and not that of PgBouncer or the like. Nothing was sent.':
    '请直接连接服务器：用它自己的端口，而不是 PgBouncer 之类的端口。没有发送任何请求。',
  '{0} is a standby: what is written now is not known there yet':
    '{0} 是备用服务器：刚写入的内容那里还不知道',
  'Name the primary server. Nothing was sent.': '请指定主服务器。没有发送任何请求。',
  'the database of {0} is in {1}, and a ledger needs UTF8': '{0} 的数据库编码是 {1}，而账本需要 UTF8',
  "Make a database for it: CREATE DATABASE studio ENCODING 'UTF8' TEMPLATE template0":
    "请为它建数据库：CREATE DATABASE studio ENCODING 'UTF8' TEMPLATE template0",
  '{0} runs PostgreSQL {1}, and a ledger needs 13 or newer':
    '{0} 运行的是 PostgreSQL {1}，而账本需要 13 或更新的版本',
  'Upgrade the server.': '请升级服务器。',
  "{0} of the ledger's server cannot be read: {1}": '账本服务器的{0}无法读取：{1}',
  'Check sslrootcert, sslcert and sslkey, and PGSSLROOTCERT, PGSSLCERT and PGSSLKEY.':
    '请检查 sslrootcert、sslcert 和 sslkey，以及 PGSSLROOTCERT、PGSSLCERT 和 PGSSLKEY。',
  'the certificate authority': '证书颁发机构',
  'the certificate': '证书',
  'the key': '密钥',
  "the ledger's URL has an option {0}, which is not known": '账本的 URL 里有不认得的选项 {0}',
  'Options are {0}. Passwords belong into PGPASSWORD, .pgpass or before the @.':
    '选项有 {0}。密码应写在 PGPASSWORD、.pgpass 或 @ 之前。',
  '{0} is no schema for a ledger': '{0} 不能作账本的 schema',
  'Use small letters, digits and underscores, as in ?schema=neon_alley':
    '请用小写字母、数字和下划线，例如 ?schema=neon_alley',
  'Write it as postgres://user@host:5432/database, with % escapes for what is special in a password, or leave the password to PGPASSWORD or .pgpass':
    '请写成 postgres://user@host:5432/database，密码里的特殊字符用 % 转义，或把密码留给 PGPASSWORD 或 .pgpass',
  'the ledger {0} was away for over a minute': '账本 {0} 断开超过一分钟',
  'Nothing more is sent. Run again once the server is back.': '不再发送任何请求。服务器恢复之后请再次提交。',
};
