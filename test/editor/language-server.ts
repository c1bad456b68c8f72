import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

export interface EditorDiagnostic {
  readonly message: string;
  readonly range: { readonly start: Place; readonly end: Place };
}

export interface Place {
  /** From 0. */
  readonly line: number;
  readonly character: number;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** The real YAML language server in a process of its own, spoken to as an editor does. */
export class LanguageServer {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #answers = new Map<number, (message: Message) => void>();
  readonly #diagnostics = new Map<string, (found: readonly EditorDiagnostic[]) => void>();
  #received = Buffer.alloc(0);
  #id = 0;

  constructor() {
    const manifest = createRequire(import.meta.url).resolve('yaml-language-server/package.json');
    const main = path.join(path.dirname(manifest), 'bin', 'yaml-language-server');
    this.#child = spawn(process.execPath, [main, '--stdio']);
    this.#child.stdout.on('data', (chunk: Buffer) => this.#take(chunk));
  }

  async start(folder: string): Promise<void> {
    const rootUri = pathToFileURL(folder).href;
    await this.#request('initialize', {
      processId: null,
      rootUri,
      workspaceFolders: [{ uri: rootUri, name: 'workspace' }],
      capabilities: { workspace: { configuration: true }, textDocument: { hover: {}, completion: {} } },
    });
    this.#send({ method: 'initialized', params: {} });
    // What the server asks the editor for; nothing is fetched from the network.
    this.#send({ method: 'workspace/didChangeConfiguration', params: { settings } });
  }

  /** Opens a text as a file of that name, and waits for what the server finds in it. */
  open(file: string, text: string): Promise<readonly EditorDiagnostic[]> {
    const uri = pathToFileURL(file).href;
    const found = new Promise<readonly EditorDiagnostic[]>((resolve) => this.#diagnostics.set(uri, resolve));
    this.#send({
      method: 'textDocument/didOpen',
      params: { textDocument: { uri, languageId: 'yaml', version: 1, text } },
    });
    return found;
  }

  /** Labels that are offered at a place. */
  async completion(file: string, position: Place): Promise<readonly string[]> {
    const result = await this.#request('textDocument/completion', { ...documentOf(file), position });
    const { items } = result as { items: readonly { label: string }[] };
    return items.map(({ label }) => label);
  }

  /** What is shown when the pointer rests at a place. */
  async hover(file: string, position: Place): Promise<string> {
    const result = await this.#request('textDocument/hover', { ...documentOf(file), position });
    return (result as { contents: { value: string } } | null)?.contents.value ?? '';
  }

  async stop(): Promise<void> {
    await this.#request('shutdown', null);
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#send({ method: 'exit' });
    await ended;
  }

  async #request(method: string, params: unknown): Promise<unknown> {
    const id = ++this.#id;
    const answer = new Promise<Message>((resolve) => this.#answers.set(id, resolve));
    this.#send({ id, method, params });
    const { result, error } = await answer;
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result;
  }

  #send(message: Message): void {
    const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
    this.#child.stdin.write(`Content-Length: ${body.length}\r\n\r\n`);
    this.#child.stdin.write(body);
  }

  #take(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    for (;;) {
      const head = this.#received.indexOf('\r\n\r\n');
      if (head === -1) return;
      const length = Number(/Content-Length: (\d+)/i.exec(this.#received.toString('latin1', 0, head))?.[1]);
      if (this.#received.length < head + 4 + length) return;
      const body = this.#received.toString('utf8', head + 4, head + 4 + length);
      this.#received = this.#received.subarray(head + 4 + length);
      this.#handle(JSON.parse(body) as Message);
    }
  }

  #handle(message: Message): void {
    const { id, method } = message;
    if (method === undefined) {
      if (id !== undefined) this.#answers.get(id)?.(message);
    } else if (method === 'workspace/configuration') {
      const { items } = message.params as { items: readonly { section: string }[] };
      this.#send({ id: id ?? 0, result: items.map(({ section }) => settings[section] ?? null) });
    } else if (method === 'textDocument/publishDiagnostics') {
      const { uri, diagnostics } = message.params as { uri: string; diagnostics: EditorDiagnostic[] };
      this.#diagnostics.get(uri)?.(diagnostics);
    } else if (id !== undefined) {
      this.#send({ id, result: null });
    }
  }
}

const settings: Readonly<Record<string, unknown>> = {
  yaml: { validate: true, hover: true, completion: true, schemaStore: { enable: false }, schemas: {} },
  http: {},
  '[yaml]': {},
  editor: {},
  files: {},
};

function documentOf(file: string): { textDocument: { uri: string } } {
  return { textDocument: { uri: pathToFileURL(file).href } };
}
