/** What a message carries, shortly: the fields of its body without those by which it is sent and answered. */

const OF_THE_PROTOCOL: ReadonlySet<string> = new Set(['type', 'msg_id', 'in_reply_to']);
/** Of broadcast, and of sets: no two requests have the same. A value of a store stands in many messages that have nothing to do with it. */
const PASSED_ON = ['message', 'element'] as const;
const LONGEST = 60;

/** `preview` is the beginning of the body, and may be cut off anywhere. */
export function payloadText(preview: string): string {
  const fields = fieldsOf(preview);
  return shortened(
    fields === undefined
      ? preview.replace(/"(type|msg_id|in_reply_to)"\s*:\s*("(?:[^"\\]|\\.)*"|-?\d+)\s*,?\s*/g, '')
      : fields
          .filter(([name]) => !OF_THE_PROTOCOL.has(name))
          .map(([name, value]) => `${name} ${JSON.stringify(value)}`)
          .join(', '),
  );
}

/** Of a request's fields that which others may pass on, as the search asks for it; undefined where none is a number or a word. */
export function carriedValue(preview: string): string | undefined {
  const fields = new Map(fieldsOf(preview) ?? []);
  const found = PASSED_ON.map((name) => fields.get(name)).find((value) => value !== undefined);
  return typeof found === 'number' || (typeof found === 'string' && /^\w+$/.test(found))
    ? String(found)
    : undefined;
}

/** Undefined when it is no object, or not whole. */
function fieldsOf(text: string): (readonly [string, unknown])[] | undefined {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? Object.entries(body) : undefined;
  } catch {
    return undefined;
  }
}

const shortened = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text);
