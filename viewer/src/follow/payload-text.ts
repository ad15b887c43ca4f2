/** A short form of a message's payload: the fields of its body other than those of the RPC protocol. */

const OF_THE_PROTOCOL: ReadonlySet<string> = new Set(['type', 'msg_id', 'in_reply_to']);
/** Fields of broadcast and set whose values are unique to a request. Values in a key-value store also occur in unrelated messages. */
const PASSED_ON = ['message', 'element'] as const;
const LONGEST = 60;

/** `preview` is the start of the body, and may be cut off anywhere. */
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

/** Returns the value of a request that other messages may carry, as a search term; undefined unless a number or a word. */
export function carriedValue(preview: string): string | undefined {
  const fields = new Map(fieldsOf(preview) ?? []);
  const found = PASSED_ON.map((name) => fields.get(name)).find((value) => value !== undefined);
  return typeof found === 'number' || (typeof found === 'string' && /^\w+$/.test(found))
    ? String(found)
    : undefined;
}

/** Returns undefined if the text is not a complete JSON object. */
function fieldsOf(text: string): (readonly [string, unknown])[] | undefined {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? Object.entries(body) : undefined;
  } catch {
    return undefined;
  }
}

const shortened = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text);
