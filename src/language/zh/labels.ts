/** What a line begins with that says what kind of line it is. */
export const labels: Readonly<Record<string, string>> = {
  error: '错误',
  warning: '警告',
  help: '建议',
  'help:': '建议：',
  note: '注意',
  'note:': '注意：',
  stopped: '已停止',
};

/** Names of facts that stand before them on a line of their own. */
export const fields: Readonly<Record<string, string>> = {
  provider: '服务方',
  ledger: '账本',
  project: '项目',
  approved: '批准',
  sent: '发送',
  now: '现状',
  because: '原因',
  cost: '费用',
  prompt: '提示词',
  body: '参数',
  model: '模型',
  amount: '金额',
  budget: '预算',
  upload: '上传',
};
