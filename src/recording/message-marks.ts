/**
 * The messages that one follows from another: what it caused, what led to it, or the way of its request through the cluster.
 * What was found last is kept: a view that follows a message is panned and zoomed.
 */
import { futureOf, pastOf, wayOf } from './causality.ts';
import type { MessageColumns } from './message-columns.ts';
import { BODY_BYTES, withBodies } from './message-bodies.ts';
import { partnersOf } from './message-partners.ts';
import { Recent } from './recent.ts';

export class MessageMarks {
  private readonly known = new Recent<Uint8Array>(3);

  constructor(private readonly journal: MessageColumns) {}

  /** 1 for each that is marked, by id, for `caused:42`, `led:42` or `way:42`. Undefined when nothing is to be marked. */
  of(mark: string): Uint8Array | undefined {
    const [kind, number] = mark.split(':');
    const id = Number(number);
    if (!Number.isInteger(id) || id < 0 || id >= this.journal.messageCount) return undefined;
    const key = `${this.journal.eventCount} ${mark}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const marks = marksOf(this.journal, kind, id);
    if (marks !== undefined) this.known.set(key, marks);
    return marks;
  }
}

function marksOf(journal: MessageColumns, kind: string | undefined, id: number): Uint8Array | undefined {
  switch (kind) {
    case 'caused':
      return futureOf(journal, id);
    case 'led':
      return pastOf(journal, id);
    case 'way': {
      const { text } = withBodies(journal, (read) => read(id, BODY_BYTES));
      const { request, replies } = partnersOf(journal, id, text);
      if (request !== undefined) return wayOf(journal, request, id);
      return wayOf(journal, id, replies[0]);
    }
    default:
      return undefined;
  }
}
