/** A journal that is kept in memory and read in place. */
import type { Journal, JournalEvent, JournalReader } from './journal.ts';
import type { Packet } from '../../world/world.ts';

export class MemoryJournal implements Journal, JournalReader {
  private readonly events: JournalEvent[] = [];
  private readonly messages: Packet[] = [];

  sent(timeNanos: number, packet: Packet): void {
    this.messages.push({ ...packet, body: Buffer.from(packet.body) });
    this.events.push({ kind: 'sent', timeNanos, messageId: packet.id });
  }

  received(timeNanos: number, packet: Packet): void {
    this.events.push({ kind: 'received', timeNanos, messageId: packet.id });
  }

  dropped(timeNanos: number, packet: Packet, reason: string): void {
    this.events.push({ kind: 'dropped', timeNanos, messageId: packet.id, reason });
  }

  duplicated(timeNanos: number, packet: Packet, copies: number): void {
    this.events.push({ kind: 'duplicated', timeNanos, messageId: packet.id, copies });
  }

  flush(): void {}

  close(): void {}

  get eventCount(): number {
    return this.events.length;
  }

  get messageCount(): number {
    return this.messages.length;
  }

  event(number: number): JournalEvent {
    const event = this.events[number];
    if (event === undefined) throw new RangeError(`the journal has no event ${number}`);
    return event;
  }

  message(id: number): Packet {
    const message = this.messages[id];
    if (message === undefined) throw new RangeError(`the journal has no message ${id}`);
    return message;
  }
}
