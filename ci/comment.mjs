// Puts the plan into one comment of the pull request, and keeps that one up to date. Where nothing changed and nothing was
// said before, nothing is said. A token that may not write (as for a fork) is no failure: the plan is in the job's summary.
import { readFile } from 'node:fs/promises';

const { GITHUB_API_URL, GITHUB_REPOSITORY, PULL_REQUEST, TOKEN, PLAN } = process.env;
const marker = '<!-- shotlist plans -->';
const comments = `${GITHUB_API_URL}/repos/${GITHUB_REPOSITORY}/issues/${PULL_REQUEST}/comments`;
/** A comment may hold 65,536 characters. */
const longest = 65_000;

async function call(method, url, body) {
  const response = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${TOKEN}`,
      accept: 'application/vnd.github+json',
      'content-type': 'application/json',
      'user-agent': 'shotlist',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw Object.assign(new Error(`${method} ${url}: HTTP ${response.status}`), response);
  return response.json();
}

async function earlier() {
  for (let page = 1; ; page += 1) {
    const found = await call('GET', `${comments}?per_page=100&page=${page}`);
    const own = found.find(({ body }) => body?.startsWith(marker));
    if (own !== undefined || found.length < 100) return own;
  }
}

/** As many of the storyboards as there is room for, from the first on. */
function shortened(storyboards) {
  let text = '';
  for (const [index, storyboard] of storyboards.entries()) {
    if (text.length + storyboard.length > longest - 100) {
      return `${text}\n… and ${storyboards.length - index} more: see the job's summary.`;
    }
    text += `${storyboard}\n`;
  }
  return text;
}

const plan = (await readFile(PLAN, 'utf8')).trim();
const cut = plan.length > longest ? shortened(plan.split(/\n(?=<!-- shotlist plan: )/)) : plan;
const said = cut === '' ? 'Nothing changes in what would be sent.' : cut;
const body = `${marker}\n${said}\n`;
try {
  const comment = await earlier();
  if (comment === undefined) {
    if (plan !== '') await call('POST', comments, { body });
  } else if (comment.body !== body) {
    await call('PATCH', comment.url, { body });
  }
} catch (error) {
  console.log(
    `::warning::The plan was not put into a comment (${error.message}); it is in the job's summary.`,
  );
}
