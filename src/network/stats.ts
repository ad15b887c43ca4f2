/** Counts of messages sent and received: in total, to or from clients, and between servers (nodes and services). */
import type { Meanings } from '../protocol/key-meaning.ts';
import { singlePrecision } from '../protocol/single-precision.ts';

/** One row of the `net` results. */
export type MessageCounts = {
  readonly 'send-count': number;
  readonly 'recv-count': number;
  readonly 'msg-count': number;
  readonly 'msgs-per-op'?: number;
};

export type NetResults = {
  readonly all: MessageCounts;
  readonly clients: MessageCounts;
  readonly servers: MessageCounts;
};

export const MESSAGE_COUNTS_MEANINGS = {
  'send-count': 'messages sent',
  'recv-count': 'messages received: fewer than sent if some were lost, more if some were duplicated',
  'msg-count': 'distinct messages: a duplicated one counts once',
  'msgs-per-op': 'distinct messages per client operation; 0 if there were none',
} as const satisfies Meanings<MessageCounts>;

export const NET_MEANINGS = {
  all: 'all messages',
  clients: 'messages from or to a client',
  servers: 'messages between nodes, and between nodes and services',
} as const satisfies Meanings<NetResults>;

export class NetworkStats {
  private clientsSent = 0;
  private clientsReceived = 0;
  private serversSent = 0;
  private serversReceived = 0;

  sent(withClient: boolean): void {
    if (withClient) this.clientsSent++;
    else this.serversSent++;
  }

  received(withClient: boolean): void {
    if (withClient) this.clientsReceived++;
    else this.serversReceived++;
  }

  get messages(): number {
    return this.clientsSent + this.serversSent;
  }

  /** Returns the `net` results for that many client operations. */
  results(operations: number): NetResults {
    const perOperation = (count: number): number =>
      operations === 0 ? 0 : singlePrecision(count / operations);
    return {
      all: {
        ...counts(this.messages, this.clientsReceived + this.serversReceived),
        'msgs-per-op': perOperation(this.messages),
      },
      clients: counts(this.clientsSent, this.clientsReceived),
      servers: {
        ...counts(this.serversSent, this.serversReceived),
        'msgs-per-op': perOperation(this.serversSent),
      },
    };
  }
}

/** Every message is sent exactly once, so the number of distinct messages is that of sent ones. */
function counts(sent: number, received: number): MessageCounts {
  return { 'send-count': sent, 'recv-count': received, 'msg-count': sent };
}
