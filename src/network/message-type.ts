/** The type of a message, as its body has it. */
import { isJsonObject, parseJson } from '../protocol/json.ts';

/** Undefined where the body has none, or is not JSON. */
export function messageType(body: Buffer): string | undefined {
  try {
    const read = parseJson(body.toString());
    const type = isJsonObject(read) ? read['type'] : undefined;
    return typeof type === 'string' ? type : undefined;
  } catch {
    return undefined;
  }
}
