/**
 * Follows a request through the cluster as a tree (views.ts): which node sent what while handling what, which waited
 * for which, and what was lost. A message and its reply are one row; what a node sends after receiving a reply still
 * belongs to its handling of the request before:
 *
 *     write c1 -> n1                     n1 handles the write: it asks n2, then n3
 *       replicate n1 -> n2   lost        n1 waited in vain until its timer
 *       replicate n1 -> n3
 *         store n3 -> lin-kv             n3 handles the second
 */
import { addTo } from '../../columns/groups.ts';
import { present } from '../../columns/present.ts';
import { fieldOf, withBodies } from '../messages/message-bodies.ts';
import { LOST, RECEIVED } from '../messages/message-flags.ts';
import type { MessageColumns } from '../messages/message-columns.ts';
import { membersOf, rootOf, type Member, type MembersAsked } from './request-members.ts';
import { partnersOf } from '../messages/message-partners.ts';
import { messageTable } from '../messages/message-table.ts';
import type { MessageRow, RequestRow, RequestTree } from '../views.ts';

/** Maximum number of messages in a tree. */
export const MOST_MEMBERS = 2000;
/** Number of bytes of a body searched for its numbers. */
const FIELD_BYTES = 4096;
const NUMBER = /"msg_id"\s*:\s*-?\d+/;

/** Returns the tree of the request that a message belongs to. */
export function requestTree(asked: Omit<MembersAsked, 'most'>, id: number): RequestTree {
  const { columns } = asked;
  const within = { ...asked, most: MOST_MEMBERS };
  const root = rootOf(within, requestAnsweredBy(columns, id));
  const reply = withBodies(columns, (read) =>
    partnersOf(columns, root, read(root, FIELD_BYTES).text).replies.at(0),
  );
  const { all, isCut } = membersOf(within, root, reply);
  return new Branches(asked, all).tree(isCut);
}

/** Returns the request that a reply answers; any other message is returned unchanged. */
function requestAnsweredBy(columns: MessageColumns, id: number): number {
  const text = withBodies(columns, (read) => read(id, FIELD_BYTES).text);
  return partnersOf(columns, id, text).request ?? id;
}

/** A row before its place in the tree is known. */
interface Branch {
  readonly member: Member;
  readonly message: MessageRow;
  /** Its `msg_id`, if it expects a reply. */
  readonly number: string | undefined;
  readonly body: string;
  reply: { readonly member: Member; readonly message: MessageRow } | undefined;
  parent: Branch | undefined;
  againAfter: number | undefined;
  isTroubled: boolean;
  isWaitedFor: boolean;
  waitedUntil: number | undefined;
}

class Branches {
  private readonly all: Branch[] = [];
  /** Indexed by message id, of requests and of replies. */
  private readonly of = new Map<number, Branch>();
  private readonly below = new Map<Branch, Branch[]>();

  constructor(
    private readonly asked: Pick<MembersAsked, 'columns' | 'kindOf'>,
    private readonly members: readonly Member[],
  ) {
    this.read();
    for (const branch of this.all) this.place(branch);
    for (const [parent, children] of this.below) this.lookAtWaits(parent, children);
    for (const branch of this.all.toReversed()) this.lookForTrouble(branch);
  }

  tree(isCut: boolean): RequestTree {
    const rows: RequestRow[] = [];
    const [first] = this.all;
    // A list instead of recursion, since chains may be thousands long.
    const open: { branch: Branch; parent: number; depth: number }[] =
      first === undefined ? [] : [{ branch: first, parent: -1, depth: 0 }];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const { branch, parent, depth } = next;
      const at = rows.push(this.row(branch, parent, depth)) - 1;
      const children = (this.below.get(branch) ?? []).toSorted(byTrouble);
      for (const child of children.toReversed()) open.push({ branch: child, parent: at, depth: depth + 1 });
    }
    const moments = rows.flatMap(momentsOf);
    return {
      rows,
      isCut,
      from: Math.min(...moments),
      to: Math.max(...moments),
      guessedFor: this.guessedFor(),
    };
  }

  private guessedFor(): readonly string[] {
    const sent = this.all.flatMap((branch) => [
      branch,
      ...(branch.reply === undefined ? [] : [branch.reply]),
    ]);
    const names = sent.flatMap(({ member, message }) => (member.isGuessed ? [message.src] : []));
    return [...new Set(names)].filter((name) => this.asked.kindOf(name) === 'node').toSorted();
  }

  private read(): void {
    const { members } = this;
    const { columns } = this.asked;
    const shown = messageTable(
      columns,
      members.map(({ id }) => id),
    );
    const open = new Map<string, Branch>();
    withBodies(columns, (read) => {
      for (const [at, member] of members.entries()) {
        const message = present(shown[at]);
        const { src, dest } = message;
        const body = read(member.id, FIELD_BYTES).text;
        const answered = fieldOf(body, 'in_reply_to');
        const request = answered === undefined ? undefined : open.get(`${dest} ${src} ${answered}`);
        if (request?.reply === undefined || (isLost(request.reply.message) && !isLost(message))) {
          // A request that arrives twice gets two replies; one that arrived takes precedence.
          if (request?.reply !== undefined) this.add({ ...request.reply, number: undefined, body: '' });
          if (request !== undefined) {
            request.reply = { member, message };
            this.of.set(member.id, request);
            continue;
          }
        }
        const number = answered === undefined ? fieldOf(body, 'msg_id') : undefined;
        const branch = this.add({ member, message, number, body: body.replace(NUMBER, '') });
        if (number !== undefined) open.set(`${src} ${dest} ${number}`, branch);
      }
    });
  }

  private add(parts: Pick<Branch, 'member' | 'message' | 'number' | 'body'>): Branch {
    const branch: Branch = {
      ...parts,
      reply: undefined,
      parent: undefined,
      againAfter: undefined,
      isTroubled: false,
      isWaitedFor: false,
      waitedUntil: undefined,
    };
    this.all.push(branch);
    this.of.set(branch.member.id, branch);
    return branch;
  }

  /** Places a message below the one being handled; one that follows a reply goes below the parent of the request. */
  private place(branch: Branch): void {
    const before = this.of.get(branch.member.origin);
    if (before === undefined) return;
    const followsReply = before.reply?.member.id === branch.member.origin;
    const parent = followsReply && before.parent !== undefined ? before.parent : before;
    branch.parent = parent;
    const siblings = this.below.get(parent) ?? [];
    const same = siblings.findLast((other) => isSame(other, branch));
    if (same !== undefined) branch.againAfter = branch.message.sent - same.message.sent;
    addTo(this.below, parent, branch);
  }

  private lookAtWaits(parent: Branch, children: readonly Branch[]): void {
    for (let at = parent.reply; at !== undefined && !at.member.isGuessed;) {
      const waited = this.of.get(at.member.origin);
      if (waited === undefined || waited.parent !== parent || waited.reply?.member.id !== at.member.origin)
        break;
      waited.isWaitedFor = true;
      at = waited;
    }
    for (const child of children) {
      const until = child.number === undefined ? undefined : givenUpAt(child, parent, children);
      if (until === undefined || (arrivalOf(child.reply?.message) ?? Infinity) <= until) continue;
      child.waitedUntil = until;
    }
  }

  private lookForTrouble(branch: Branch): void {
    const { message, reply, number, parent } = branch;
    const isUnanswered = number !== undefined && arrivalOf(reply?.message) === undefined;
    if (isLost(message) || isUnanswered || (reply !== undefined && isLost(reply.message)))
      branch.isTroubled = true;
    if (branch.isTroubled && parent !== undefined) parent.isTroubled = true;
  }

  private row(branch: Branch, parent: number, depth: number): RequestRow {
    const { member, message, reply, againAfter, isTroubled, isWaitedFor, waitedUntil } = branch;
    const dropReason = this.dropReason(message);
    const replyDropReason = reply && this.dropReason(reply.message);
    return {
      message,
      ...(reply === undefined ? {} : { reply: reply.message }),
      parent,
      depth,
      ...(dropReason === undefined ? {} : { dropReason }),
      ...(replyDropReason === undefined ? {} : { replyDropReason }),
      byTimer: member.byTimer,
      isGuessed: member.isGuessed || reply?.member.isGuessed === true,
      ...(againAfter === undefined ? {} : { againAfter }),
      isTroubled,
      isWaitedFor,
      ...(waitedUntil === undefined ? {} : { waitedUntil }),
    };
  }

  private dropReason({ id }: MessageRow): string | undefined {
    const { dropReasons, names } = this.asked.columns;
    const reason = dropReasons.get(id);
    return reason === undefined ? undefined : (names[reason] ?? '?');
  }
}

/** True for a repetition: the same message but for its number. */
const isSame = (a: Branch, b: Branch): boolean =>
  a.message.src === b.message.src &&
  a.message.dest === b.message.dest &&
  a.message.type === b.message.type &&
  a.body === b.body;

/**
 * Returns when a timer that was set with the request made its sender go on: the sender repeated the request, or else
 * replied, or sent something that does not repeat another request.
 */
function givenUpAt(child: Branch, parent: Branch, children: readonly Branch[]): number | undefined {
  const timed = children.filter(
    ({ member, message }) =>
      member.byTimer && member.origin === child.member.origin && message.sent > child.message.sent,
  );
  const again = timed.find((other) => isSame(other, child));
  if (again !== undefined) return again.message.sent;
  const { reply } = parent;
  const isReplyTimed = reply?.member.byTimer === true && reply.member.origin === child.member.origin;
  if (isReplyTimed && reply.message.sent > child.message.sent) return reply.message.sent;
  return timed.find(({ againAfter }) => againAfter === undefined)?.message.sent;
}

/** True if no copy of it arrived. */
const isLost = ({ flags }: MessageRow): boolean => (flags & (LOST | RECEIVED)) === LOST;

/** Returns undefined if it did not arrive. */
const arrivalOf = (message: MessageRow | undefined): number | undefined =>
  message === undefined || message.end === null || isLost(message) ? undefined : message.end;

const byTrouble = (a: Branch, b: Branch): number =>
  Number(b.isTroubled) - Number(a.isTroubled) || a.message.id - b.message.id;

const momentsOf = ({ message, reply, waitedUntil }: RequestRow): number[] => [
  message.sent,
  message.end ?? message.sent,
  ...(reply === undefined ? [] : [reply.sent, reply.end ?? reply.sent]),
  ...(waitedUntil === undefined ? [] : [waitedUntil]),
];
