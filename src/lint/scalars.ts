import { isMap, isScalar, isSeq, type YamlNode, type YamlScalar } from '../manifest/yaml-nodes.ts';

/** The place of a scalar. It is reused, so that it holds for the visit alone. */
export interface ScalarPlace {
  /** The keys that lead to it, from the top. */
  readonly keys: readonly string[];
  /** It is the key of a pair. */
  readonly isKey: boolean;
  /** It stands inside `[ ]` or `{ }`. */
  readonly flow: boolean;
}

/** Every scalar that is written, keys included; what aliases stand for is written elsewhere. */
export function forEachScalar(
  root: YamlNode | null,
  visit: (scalar: YamlScalar, place: ScalarPlace) => void,
): void {
  const keys: string[] = [];
  const place = { keys, isKey: false, flow: false };
  const walk = (node: YamlNode | null, isKey: boolean, flow: boolean): void => {
    if (isScalar(node)) {
      place.isKey = isKey;
      place.flow = flow;
      visit(node, place);
    } else if (isMap(node)) {
      const inside = flow || node.flow === true;
      for (const { key, value } of node.items) {
        walk(key, true, inside);
        keys.push(isScalar(key) ? String(key.value) : '');
        walk(value, false, inside);
        keys.pop();
      }
    } else if (isSeq(node)) {
      const inside = flow || node.flow === true;
      for (const item of node.items) walk(item, false, inside);
    }
  };
  walk(root, false, false);
}
