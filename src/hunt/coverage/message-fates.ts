/**
 * The fates of messages between servers, by message type: how many were sent, lost and why, duplicated or overtaken.
 * They show which messages a hunt has never lost, and so what it has not tested.
 */
import type { Journal } from '../../network/journal/journal.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { messageType } from '../../network/message-type.ts';
import { isClientName } from '../../network/node-name.ts';
import type { Packet } from '../../world/world.ts';

/** Counts of messages. A fate is the reason of a loss (`partition`, `gone`) or one of the two below. */
export interface TypeFates {
  readonly sent: number;
  readonly fates: Readonly<Record<string, number>>;
}

/** Indexed by message type. */
export type MessageFates = Readonly<Record<string, TypeFates>>;

/** Extra copies of it arrived. */
export const DOUBLED = 'doubled';
/** A message sent later on the same link arrived earlier. */
export const OVERTAKEN = 'overtaken';

/** Nodes choose the types, so their number and length are bounded. */
const MOST_TYPES = 40;
const LONGEST_TYPE = 60;

interface Counting {
  sent: number;
  readonly fates: Map<string, number>;
}

/** A journal that keeps only the counts. */
export class FateJournal implements Journal {
  private readonly types = new Map<string, Counting>();
  /** Indexed by link: the highest id of a message that has arrived. */
  private readonly arrived = new Map<string, number>();

  sent(_timeNanos: number, packet: Packet): void {
    if (!isBetweenServers(packet)) return;
    const type = typeOf(packet.body);
    const known = this.types.get(type);
    if (known !== undefined) known.sent++;
    else if (this.types.size < MOST_TYPES) this.types.set(type, { sent: 1, fates: new Map() });
  }

  received(_timeNanos: number, packet: Packet): void {
    if (!isBetweenServers(packet)) return;
    const link = `${packet.src} ${packet.dest}`;
    const latest = this.arrived.get(link) ?? -1;
    if (packet.id < latest) this.met(packet, OVERTAKEN);
    else this.arrived.set(link, packet.id);
  }

  dropped(_timeNanos: number, packet: Packet, reason: string): void {
    if (isBetweenServers(packet)) this.met(packet, reason);
  }

  duplicated(_timeNanos: number, packet: Packet): void {
    if (isBetweenServers(packet)) this.met(packet, DOUBLED);
  }

  flush(): void {}

  close(): void {}

  fates(): MessageFates {
    return Object.fromEntries(
      [...this.types].map(([type, { sent, fates }]) => [type, { sent, fates: Object.fromEntries(fates) }]),
    );
  }

  private met({ body }: Packet, fate: string): void {
    const fates = this.types.get(typeOf(body))?.fates;
    fates?.set(fate, (fates.get(fate) ?? 0) + 1);
  }
}

/** Faults do not affect messages of clients. */
const isBetweenServers = ({ src, dest }: Packet): boolean => !isClientName(src) && !isClientName(dest);

function typeOf(body: Buffer): string {
  const type = messageType(body);
  return type === undefined ? WITHOUT_TYPE : shownText(type, LONGEST_TYPE);
}

const WITHOUT_TYPE = '(without a type)';

/** Returns the sums of both. */
export function addedFates(one: MessageFates, other: MessageFates): MessageFates {
  const sum = new Map(Object.entries(one));
  for (const [type, { sent, fates }] of Object.entries(other)) {
    const before = sum.get(type);
    if (before === undefined && sum.size >= MOST_TYPES) continue;
    const all: Record<string, number> = { ...before?.fates };
    for (const [fate, count] of Object.entries(fates)) all[fate] = (all[fate] ?? 0) + count;
    sum.set(type, { sent: (before?.sent ?? 0) + sent, fates: all });
  }
  return Object.fromEntries(sum);
}
