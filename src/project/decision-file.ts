import { UsageError } from '../core/errors.ts';
import { type Fields, fields, oneOf, parsedJson, readOr, text, unfit, word } from '../core/untrusted-json.ts';
import type { ClipDecision } from '../ledger/ledger.ts';
import { clearable } from '../ledger/model/clip-decision.ts';
import type { ClipWish } from './deciding.ts';

/**
 * Reads decisions that the report page has exported: `{version: 1, project, decisions: [{key, taskId, type, …}]}`, each
 * decision as history has it.
 *
 * @param name of the file, for messages. @throws UsageError for what is no such file, or is of another project.
 */
export function readDecisionFile(content: string, name: string, project: string): readonly ClipWish[] {
  const file = readOr(() => fields(parsedJson(content)), null);
  if (file === null || !Array.isArray(file['decisions'])) {
    throw new UsageError(`${name} holds no decisions`, {
      help: 'it is the file that the report page saves with “Export decisions”',
    });
  }
  if (file['version'] !== 1) {
    throw new UsageError(
      `${name} is of version ${JSON.stringify(file['version'])}, and this release knows 1`,
    );
  }
  if (file['project'] !== project) {
    throw new UsageError(
      `${name} holds decisions on ${JSON.stringify(file['project'])}, and this is ${project}`,
      { help: 'name the manifest that the page was made from' },
    );
  }
  return file['decisions'].map((each: unknown, index) => {
    const wish = readDecision(each);
    if (wish !== null) return wish;
    throw new UsageError(`decision ${index + 1} of ${name} is none: ${JSON.stringify(each)}`, {
      help: 'Nothing was changed.',
    });
  });
}

/** One decision of a page; null for what is none. */
export function readDecision(value: unknown): ClipWish | null {
  return readOr(() => wishFrom(fields(value)), null);
}

function wishFrom(each: Fields): ClipWish {
  return { key: word(each['key']), taskId: word(each['taskId']), decision: decisionFrom(each) };
}

function decisionFrom(each: Fields): ClipDecision {
  const note = each['note'] == null || each['note'] === '' ? null : text(each['note']);
  switch (each['type']) {
    case 'picked':
      return { type: 'picked', note };
    case 'rejected':
      return { type: 'rejected', reason: word(each['reason']), note };
    case 'noted':
      return { type: 'noted', note: word(each['note']) };
    case 'cleared':
      return { type: 'cleared', what: oneOf(clearable, each['what']) };
    default:
      return unfit();
  }
}
