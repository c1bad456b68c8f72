import { PassThrough } from 'node:stream';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { onTestFinished } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import type { NextAction } from '../../src/project/next-actions.ts';
import type { DeskOptions } from '../../src/server/mcp/desk.ts';
import { serveMcp } from '../../src/server/mcp/serve.ts';

/** An answer of a tool, or its refusal. */
export interface Answer {
  readonly isError: boolean;
  readonly value: Readonly<Record<string, unknown>> & { readonly nextActions?: readonly NextAction[] };
  /** Everything that the client was told, as text. */
  readonly text: string;
}

export interface Agent {
  readonly client: Client;
  call(tool: string, input?: Readonly<Record<string, unknown>>): Promise<Answer>;
}

/** The SDK's own client, speaking with the server over streams in this process. */
export async function agent(
  options: Pick<DeskOptions, 'cwd' | 'env' | 'allow'> & Partial<DeskOptions>,
): Promise<Agent> {
  const [toServer, toClient] = [new PassThrough(), new PassThrough()];
  const end = new AbortController();
  const served = serveMcp({
    clock: systemClock,
    random: () => 0.5,
    by: 'agent@here',
    flags: {},
    input: toServer,
    output: toClient,
    signal: end.signal,
    onBug: (text) => {
      throw new Error(text);
    },
    ...options,
  });
  const client = new Client({ name: 'test', version: '1' });
  // Lines of JSON both ways: the transport of one side serves the other as well.
  await client.connect(new StdioServerTransport(toClient, toServer));
  onTestFinished(async () => {
    end.abort();
    await served;
  });
  return { client, call: (tool, input = {}) => callTool(client, tool, input) };
}

export async function callTool(
  client: Client,
  name: string,
  input: Readonly<Record<string, unknown>>,
): Promise<Answer> {
  try {
    const answer = await client.callTool({ name, arguments: { ...input } });
    const text = JSON.stringify(answer);
    const value = (answer.structuredContent ?? {}) as Answer['value'];
    return { isError: answer.isError === true, value, text };
  } catch (error) {
    return { isError: true, value: { errorCode: 'protocol' }, text: String(error) };
  }
}
