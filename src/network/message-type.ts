/** Reads the type of a message from its body. */
import { isJsonObject, parseJson } from '../protocol/json.ts';

/** Returns undefined if the body has no type or is not JSON. */
export function messageType(body: Buffer): string | undefined {
  try {
    const read = parseJson(body.toString());
    const type = isJsonObject(read) ? read['type'] : undefined;
    return typeof type === 'string' ? type : undefined;
  } catch {
    return undefined;
  }
}
