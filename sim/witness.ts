import type { Plan } from '../src/plan/model.ts';
import type { ProjectEvent } from '../src/project/events.ts';
import type { Project } from '../src/project/project.ts';
import { contentOf, type Storyboard } from './storyboard.ts';
import type { Bill } from './world/gateway.ts';
import type { Checkout, Process } from './world/machine.ts';
import type { World } from './world/world.ts';

/** A promise that was broken, and how. */
export interface Breach {
  readonly promise:
    | 'neverPaidTwice'
    | 'nothingPaidIsLost'
    | 'journalIsFresh'
    | 'budgetHolds'
    | 'ledgersAgree'
    | 'verifyTellsTheTruth'
    | 'planKnowsWhatWasPaid'
    | 'noBug';
  readonly message: string;
}

/** The name under which one paid request is the same everywhere: what it shows, in which version, which take. */
type Identity = string;

/** A claim that a process made known, right before it sent. */
interface Sending {
  readonly process: Process;
  readonly key: string;
  readonly prompt: string;
  readonly at: number;
}

/** The time that the journal may be behind the ledger, in milliseconds. */
const journalLagMs = 1000;

/**
 * Watches the world from outside: holds the provider's books against what people asked for, and what each process could
 * have known against what it did. Nothing of the program's is believed.
 */
export class Witness {
  readonly breaches: Breach[] = [];
  readonly #world: World;
  readonly #versions = new Map<number, Set<number>>();
  /** Number of times beyond the first that people said that a request may be paid for. */
  readonly #words = new Map<Identity, number>();
  readonly #bills = new Map<Identity, Bill[]>();
  readonly #senders = new Map<string, Process>();
  readonly #sendings: Sending[] = [];
  readonly #hints = new Map<Checkout, readonly Hint[]>();
  /** The journals' text in the work tree of a process when it began. */
  readonly #journals = new Map<Process, string>();
  /** The earlier bills of a request that a process could know of when it claimed it. */
  readonly #known = new Map<string, readonly Bill[]>();
  readonly #prompts = new Map<Process, ReadonlyMap<string, string>>();
  readonly #journalFiles = new Map<Process, string>();
  readonly #spent = new Map<string, number>();
  readonly #limits = new Map<Process, { readonly ledger: string; readonly most: number }>();
  /** Processes whose manifest was moved under them: their journal is where it was. */
  readonly #moved = new Set<Process>();
  #subjects = 0;

  constructor(world: World) {
    this.#world = world;
  }

  newSubject(): number {
    this.#subjects += 1;
    this.#versions.set(this.#subjects, new Set([1]));
    return this.#subjects;
  }

  versionsOf(subject: number): readonly number[] {
    return [...(this.#versions.get(subject) ?? [])];
  }

  edited(_checkout: Checkout, { shots }: Storyboard): void {
    for (const { subject, version } of shots) this.#versions.get(subject)?.add(version);
  }

  moved(checkout: Checkout): void {
    for (const process of this.#world.running) if (process.checkout === checkout) this.#moved.add(process);
  }

  /** A process begins to read its work tree. */
  opening(process: Process, manifest: string): void {
    this.#senders.set(process.name, process);
    this.#journals.set(process, journalsIn(process.checkout));
    this.#journalFiles.set(process, manifest.replace(/\.yaml$/, '.ledger.jsonl'));
  }

  told(process: Process, event: ProjectEvent): void {
    if (event.type !== 'run') return;
    const { event: happened } = event;
    if (happened.type === 'started') process.runId = happened.runId;
    if (happened.type !== 'sending') return;
    const prompt = this.#prompts.get(process)?.get(happened.key) ?? '';
    process.sendingKey = happened.key;
    this.#sendings.push({ process, key: happened.key, prompt, at: this.#world.scheduler.now });
  }

  /** Somebody lets a plan be sent: what the plan says he wants again is his word. */
  planned(process: Process, project: Project, plan: Plan, resent: readonly string[]): void {
    const { maxRequests } = project.linted.manifest.budget;
    const ledger = `${process.machine.name}:${process.ledger}:${plan.project}`;
    if (maxRequests !== null) this.#limits.set(process, { ledger, most: maxRequests });
    this.#prompts.set(process, new Map(plan.requests.map(({ key, body }) => [key, String(body['prompt'])])));
    for (const { key, body, action, reason } of plan.requests) {
      if (action !== 'submit') continue;
      const identity = identityOf(String(body['prompt']), key);
      const isRetry = reason === 'failed' || reason === 'refused';
      // A wish to try again what failed is none to pay again for what is there.
      if (resent.includes(key) || (isRetry && this.#hasFailed(identity))) this.#grant(identity);
    }
  }

  #hasFailed(identity: Identity): boolean {
    const { now } = this.#world.scheduler;
    const bills = this.#bills.get(identity) ?? [];
    return bills.length > 0 && bills.every(({ fails, endsAt }) => fails && endsAt <= now);
  }

  #grant(identity: Identity): void {
    this.#words.set(identity, (this.#words.get(identity) ?? 0) + 1);
  }

  /** A process is about to ask its ledger for a claim: what it could know by now, it must not pay again. */
  claiming(process: Process, key: string): void {
    const prompt = this.#prompts.get(process)?.get(key);
    if (prompt === undefined) return;
    const earlier = this.#bills.get(identityOf(prompt, key)) ?? [];
    this.#known.set(
      `${process.name} ${key}`,
      earlier.filter((bill) => this.#couldKnow(process, bill)),
    );
  }

  billed(bill: Bill): void {
    const process = this.#senders.get(bill.process);
    if (process === undefined) {
      this.#break('noBug', `${bill.process} sent without a project`);
      return;
    }
    const { key } = bill;
    const identity = identityOf(bill.prompt, key);
    const known = this.#known.get(`${process.name} ${key}`) ?? [];
    const before = this.#bills.get(identity) ?? [];
    this.#bills.set(identity, [...before, bill]);
    this.#world.note(`the provider bills ${bill.taskId} to ${process.name}: ${bill.prompt} as ${key}`);
    if (known.length > (this.#words.get(identity) ?? 0)) {
      const [first] = known;
      this.#break(
        'neverPaidTwice',
        `${process.name} paid ${bill.taskId} for ${bill.prompt} (${key}); ${first?.process} had paid ${first?.taskId} for it, and ${process.name} could know`,
      );
    }
    this.#count(process);
  }

  #count(process: Process): void {
    const limit = this.#limits.get(process);
    if (limit === undefined) return;
    const spent = (this.#spent.get(limit.ledger) ?? 0) + 1;
    this.#spent.set(limit.ledger, spent);
    if (spent > limit.most) {
      this.#break(
        'budgetHolds',
        `${limit.ledger} paid for ${spent} requests, and its budget is ${limit.most}`,
      );
    }
  }

  /** True where a bill's claim is in a ledger or a journal of the process's work tree. */
  #couldKnow(process: Process, bill: Bill): boolean {
    const sender = this.#senders.get(bill.process);
    if (sender?.runId === null || sender === undefined) return false;
    const isOf = (text: string): boolean => claims(text, sender.runId ?? '', bill.prompt);
    if (isOf(this.#journals.get(process) ?? '')) return true;
    const { checkout } = process;
    return this.#world.ledgers
      .inside(checkout)
      .some((path) => isOf(this.#world.ledgers.text(checkout.machine, path)));
  }

  /** @returns how the process ended; a failure that nobody expects breaks a promise. */
  failed(process: Process, error: unknown): string {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#break('noBug', `${process.name}: ${text}`);
    return text;
  }

  /** Checks that claims more than a second old are in the journal, at any time: the process may be killed now. */
  freshness(process: Process): void {
    if (this.#moved.has(process) || process.runId === null) return;
    const file = this.#journalFiles.get(process);
    const text = file === undefined ? '' : (process.checkout.text(file) ?? '');
    const { now } = this.#world.scheduler;
    for (const { process: sender, prompt, key, at } of this.#sendings) {
      if (sender !== process || now - at <= journalLagMs || claims(text, process.runId, prompt)) continue;
      this.#break(
        'journalIsFresh',
        `${process.name} claimed ${key} ${now - at} ms ago, and ${file} does not say so`,
      );
    }
  }

  /** A ledger goes back, or goes: what was spent in it is counted anew. */
  beforeLoss({ machine }: Checkout): void {
    for (const ledger of this.#spent.keys())
      if (ledger.startsWith(`${machine.name}:`)) this.#spent.delete(ledger);
  }

  hinted(checkout: Checkout, { requests, project }: Plan): void {
    const hints = requests.flatMap(({ key, paidAs }): readonly Hint[] => {
      if (paidAs === undefined) return [];
      return paidAs.project === project
        ? [{ from: paidAs.key, to: key }]
        : [{ from: paidAs.project, to: project }];
    });
    this.#hints.set(checkout, hints);
  }

  /** The renames that the last plan in a checkout told to adopt. */
  hintsFor(checkout: Checkout): readonly Hint[] {
    return this.#hints.get(checkout) ?? [];
  }

  /** A person settles a doubt, mostly by the provider's word, now and then by a wrong one of his own. */
  async settle(_process: Process, project: Project, which: number, how: number): Promise<string> {
    const { open } = await project.open();
    const entry = open[Math.floor(which * open.length)];
    if (entry === undefined) return 'nothing is in doubt';
    const prompt = String(entry.body['prompt']);
    const bill = this.#world.gateway.books.find(
      (each) =>
        identityOf(each.prompt, each.key) === identityOf(prompt, entry.key) &&
        this.#senders.get(each.process)?.runId === entry.runId,
    );
    if (how > 0.9) {
      await project.settle(entry, { kind: 'abandoned' });
      return `${entry.key} is given up`;
    }
    if (bill !== undefined && how < 0.8) {
      await project.settle(entry, { kind: 'taskId', taskId: bill.taskId });
      return `${entry.key} is ${bill.taskId}`;
    }
    // Whoever says that it may be sent again says so, also where he is wrong.
    this.#grant(identityOf(prompt, entry.key));
    await project.settle(entry, { kind: 'notSubmitted' });
    return `${entry.key} was not submitted, somebody says`;
  }

  /** `verify` passes exactly when the ledger and the provider's books agree. */
  async verified(checkout: Checkout, project: Project): Promise<string> {
    const violations = await project.verify();
    const wrong = (await project.entries()).flatMap(({ taskId, key, body }) => {
      const bill = this.#world.gateway.books.find((each) => each.taskId === taskId);
      if (taskId === null || bill?.prompt === body['prompt']) return [];
      return [`${key} is filed as ${taskId}, which is ${bill?.prompt ?? 'nothing'}`];
    });
    if (wrong.length > 0 && violations.length === 0) {
      this.#break('verifyTellsTheTruth', `verify passes in ${checkout.name}: ${wrong.join('; ')}`);
    }
    if (wrong.length === 0 && violations.length > 0) {
      const said = violations.map(({ subject, message }) => `${subject}: ${message}`).join('; ');
      this.#break('verifyTellsTheTruth', `verify complains in ${checkout.name}: ${said}`);
    }
    return `${violations.length} violations`;
  }

  /** Reports requests that a plan would pay again although it could know. */
  foreseen(process: Process, plan: Plan): void {
    for (const { key, body, action } of plan.requests) {
      if (action !== 'submit') continue;
      const prompt = String(body['prompt']);
      const identity = identityOf(prompt, key);
      const known = (this.#bills.get(identity) ?? []).filter((bill) => this.#couldKnow(process, bill));
      if (known.length <= (this.#words.get(identity) ?? 0)) continue;
      this.#break('planKnowsWhatWasPaid', `${process.name} would pay again for ${prompt} (${key})`);
    }
  }

  /** Every id that somebody was told is in a ledger or a journal, or its request is in doubt there. */
  accounted(): void {
    const everywhere = this.#everything();
    for (const { taskId, prompt, told, process, at } of this.#world.gateway.books) {
      if (!told || everywhere.some((text) => text.includes(taskId))) continue;
      const sender = this.#senders.get(process);
      const runId = sender?.runId ?? '';
      if (everywhere.some((text) => claims(text, runId, prompt))) continue;
      if (sender !== undefined && this.#wasLostWith(sender, at)) continue;
      this.#break('nothingPaidIsLost', `nobody knows of ${taskId}, which ${process} paid for ${prompt}`);
    }
  }

  /** A person deleted the only ledger that knew, within the second in which the journal may be behind. */
  #wasLostWith(sender: Process, at: number): boolean {
    return !sender.alive && (sender.diedAt ?? Number.POSITIVE_INFINITY) - at <= journalLagMs;
  }

  #everything(): readonly string[] {
    const { machines, checkouts, repository, ledgers } = this.#world;
    return [
      ...machines.flatMap((machine) => ledgers.all(machine).map((path) => ledgers.text(machine, path))),
      ...checkouts.map(journalsIn),
      ...repository.branches.flatMap((branch) => [...(repository.headOf(branch)?.tree.values() ?? [])]),
    ];
  }

  disagreement(message: string): void {
    this.#break('ledgersAgree', message);
  }

  #break(promise: Breach['promise'], message: string): void {
    this.breaches.push({ promise, message });
    this.#world.note(`BROKEN ${promise}: ${message}`);
  }
}

/** A rename that a plan told of. */
export interface Hint {
  readonly from: string;
  readonly to: string;
}

function identityOf(prompt: string, key: string): Identity {
  const { subject, version } = contentOf(prompt);
  return `${subject}.${version}${/@\d+$/.exec(key)?.[0] ?? ''}`;
}

function journalsIn(checkout: Checkout): string {
  return [...checkout.tree()]
    .filter(([path]) => path.endsWith('.ledger.jsonl'))
    .map(([, text]) => text)
    .join('');
}

/** True where lines of a history hold the claim of a run for a prompt. */
function claims(text: string, runId: string, prompt: string): boolean {
  for (let at = text.indexOf(runId); at >= 0; at = text.indexOf(runId, at + 1)) {
    const end = text.indexOf('\n', at);
    const line = text.slice(text.lastIndexOf('\n', at) + 1, end < 0 ? text.length : end);
    if (line.includes('"claimed"') && line.includes(prompt)) return true;
  }
  return false;
}
