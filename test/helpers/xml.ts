import { SaxesParser } from 'saxes';

/** An element as a strict parser read it. */
export interface XmlElement {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** What stands before the first child. */
  readonly text: string;
  readonly children: readonly XmlElement[];
}

/** Reads a document that is well-formed; throws where it is not. */
export function parseXml(document: string): XmlElement {
  interface Open {
    tag: string;
    attributes: Readonly<Record<string, string>>;
    text: string;
    children: Open[];
  }
  const top: Open = { tag: '', attributes: {}, text: '', children: [] };
  const open = [top];
  const parser = new SaxesParser({ fragment: false });
  const addText = (text: string): void => {
    const element = open.at(-1);
    if (element !== undefined && element.children.length === 0) element.text += text;
  };
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const plain = Object.entries(attributes).map(([key, value]) => [key, String(value)]);
    const element: Open = { tag: name, attributes: Object.fromEntries(plain), text: '', children: [] };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  parser.on('closetag', () => open.pop());
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.write(document).close();
  const [root] = top.children;
  if (root === undefined) throw new Error('the document holds no element');
  return root;
}
