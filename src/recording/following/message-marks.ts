/**
 * Marks the messages related to one: what it caused, what led to it, or everything sent for its request. Recent results
 * are cached, since a view that follows a message is panned and zoomed.
 */
import { futureOf, pastOf } from './causality.ts';
import type { MessageColumns } from '../messages/message-columns.ts';
import type { MessageOrigins } from '../messages/message-origins.ts';
import { Recent } from '../recent.ts';
import type { RequestTree } from '../views.ts';

export class MessageMarks {
  private readonly known = new Recent<Uint8Array>(3);

  constructor(
    private readonly journal: MessageColumns,
    private readonly origins: MessageOrigins,
    private readonly treeOf: (id: number) => RequestTree,
  ) {}

  /**
   * Returns 1 for each marked message, indexed by id, for `caused:42`, `led:42` or `way:42`; undefined if nothing is to
   * be marked.
   */
  of(mark: string): Uint8Array | undefined {
    const [kind, number] = mark.split(':');
    const id = Number(number);
    if (!Number.isInteger(id) || id < 0 || id >= this.journal.messageCount) return undefined;
    const key = `${this.journal.eventCount} ${mark}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const marks = this.marksOf(kind, id);
    if (marks !== undefined) this.known.set(key, marks);
    return marks;
  }

  private marksOf(kind: string | undefined, id: number): Uint8Array | undefined {
    const { journal, origins } = this;
    switch (kind) {
      case 'caused':
        return futureOf(journal, origins, id);
      case 'led':
        return pastOf(journal, origins, id);
      case 'way': {
        const marks = new Uint8Array(journal.messageCount);
        for (const { message, reply } of this.treeOf(id).rows) {
          marks[message.id] = 1;
          if (reply !== undefined) marks[reply.id] = 1;
        }
        return marks;
      }
      default:
        return undefined;
    }
  }
}
