/** What a message carries, shortly: the fields of its body without those by which it is sent and answered. */

const OF_THE_PROTOCOL: ReadonlySet<string> = new Set(['type', 'msg_id', 'in_reply_to']);
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
