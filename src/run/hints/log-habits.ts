/**
 * Systematic errors in the offsets of a kafka node, of which each single error shows little: `send` and `poll` count
 * from different numbers, pairs are swapped, polls begin too late or are all empty. These are hints for a run that is
 * already invalid.
 */
import type { NodeOf } from '../../history/client-book.ts';
import type { Op } from '../../history/op.ts';
import { operationsOf } from '../../nemesis/fault-operations.ts';
import { isJsonArray, isJsonObject, type Json } from '../../protocol/json.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { namesInWords } from '../words/protocol-sentences.ts';

/** Maximum number of messages looked at. */
const MOST = 10_000;
/** Minimum number of messages for a hint. */
const FEW = 5;
const FEW_LOGS = 3;

const KILL = operationsOf('kill').start;

interface GivenOffset {
  readonly message: number;
  readonly node: string;
  /** How many kills there had been by then. */
  readonly kills: number;
}

/** Two messages of one log whose `send` was acknowledged with the same offset. */
interface GivenTwice {
  readonly key: string;
  readonly offset: number;
  readonly nodes: ReadonlySet<string>;
  /** True if nodes were killed in between. */
  readonly isAcrossKill: boolean;
}

interface Log {
  /** Message to offset, as `send` was acknowledged; both are numbers. */
  readonly sent: Map<number, number>;
  readonly given: Map<number, GivenOffset>;
  lowestSent: number;
  lowestPolled: number;
}

export class LogHabits {
  private readonly logs = new Map<string, Log>();
  private count = 0;
  private polls = 0;
  private filledPolls = 0;
  private asSent = 0;
  private exchanged = 0;
  private readonly shifts = new Map<number, number>();
  private failedPolls = 0;
  private givenTwice: GivenTwice | undefined;
  private timesGivenTwice = 0;
  private kills = 0;

  constructor(private readonly nodeOf: NodeOf) {}

  observe(op: Op): void {
    const { type, f, value, process } = op;
    if (process === 'nemesis' && f === KILL) this.kills++;
    if (type === 'invoke' || (f !== 'send' && f !== 'poll') || this.count > MOST) return;
    if (type !== 'ok' && f === 'poll') this.failedPolls++;
    if (type !== 'ok' || !isJsonArray(value)) return;
    for (const one of value) {
      if (!isJsonArray(one)) continue;
      if (f === 'send') this.noteSent(one[1] ?? null, one[2] ?? null, this.nodeOf(op) ?? '');
      else this.notePolled(one[1] ?? null);
    }
  }

  sentences(): readonly string[] {
    const { polls, filledPolls, failedPolls, asSent, exchanged, shifts } = this;
    const sent = [...this.logs.values()].reduce((sum, log) => sum + log.sent.size, 0);
    if (polls >= FEW && filledPolls === 0 && failedPolls === 0 && sent > 0)
      return [
        `Not one of ${polls} polls returned a message, although ${sent} were acknowledged: \`msgs\` was empty. (A JavaScript Map becomes {}.)`,
      ];
    if (exchanged >= FEW && asSent === 0)
      return [
        `The pairs of polls seem to be swapped: each must be [offset, message], but here the first item is a sent message and the second its offset.`,
      ];
    const [[shift, shifted] = [0, 0], ...others] = shifts;
    if (others.length === 0 && shift !== 0 && shifted >= FEW)
      return [
        `Polls give each message an offset that is ${Math.abs(shift)} ${shift > 0 ? 'lower' : 'higher'} than the one in the answer to \`send\`: both must be the same.`,
      ];
    return [...this.offsetGivenTwice(), ...this.lateBeginnings()];
  }

  private offsetGivenTwice(): readonly string[] {
    const { givenTwice, timesGivenTwice } = this;
    if (givenTwice === undefined) return [];
    const { key, offset, nodes, isAcrossKill } = givenTwice;
    const often = timesGivenTwice === 1 ? 'once' : `${timesGivenTwice} times`;
    const what = `two messages of one log with the same offset, ${often}: first offset ${offset} of key ${shownText(JSON.stringify(key), 60)}`;
    if (isAcrossKill)
      return [
        `${[...nodes].join('')} answered \`send\` of ${what}. Nodes were killed in between: a message must be stored before \`send_ok\` is sent, and be found again after a restart.`,
      ];
    return nodes.size > 1
      ? [
          `${namesInWords([...nodes])} answered \`send\` of ${what}. Nodes that count independently assign an offset twice: reserve it with \`cas\` in a shared service, or let one node own the log.`,
        ]
      : [
          `${[...nodes].join('')} answered \`send\` of ${what}. Can another request run between choosing an offset and storing the message, at an await or in another thread?`,
        ];
  }

  private lateBeginnings(): readonly string[] {
    const polled = [...this.logs.values()].filter(
      ({ lowestPolled, sent }) => lowestPolled < Infinity && sent.size > 0,
    );
    const isLate = polled.every(({ lowestPolled, lowestSent }) => lowestPolled > lowestSent);
    return polled.length < FEW_LOGS || !isLate
      ? []
      : [
          `In none of the ${polled.length} logs was the message with the lowest offset polled: a poll must start with the message at the requested offset, not after it.`,
        ];
  }

  private noteSent(key: Json, pair: Json, node: string): void {
    if (!isJsonArray(pair)) return;
    const [offset, message] = pair;
    if (typeof key !== 'string' || typeof offset !== 'number' || typeof message !== 'number') return;
    this.count++;
    const log = this.log(key);
    log.sent.set(message, offset);
    log.lowestSent = Math.min(log.lowestSent, offset);
    const before = log.given.get(offset);
    if (before === undefined) log.given.set(offset, { message, node, kills: this.kills });
    else if (before.message !== message) {
      this.timesGivenTwice++;
      const isAcrossKill = before.node === node && before.kills < this.kills;
      // An offset that was given out twice between two kills has another cause.
      if (this.givenTwice === undefined || (this.givenTwice.isAcrossKill && !isAcrossKill))
        this.givenTwice = { key, offset, nodes: new Set([before.node, node]), isAcrossKill };
    }
  }

  private notePolled(logs: Json): void {
    if (!isJsonObject(logs)) return;
    this.polls++;
    let isFilled = false;
    for (const [key, pairs] of Object.entries(logs)) {
      if (!isJsonArray(pairs)) continue;
      for (const pair of pairs) {
        isFilled = true;
        if (isJsonArray(pair)) this.notePair(this.log(key), pair[0] ?? null, pair[1] ?? null);
      }
    }
    if (isFilled) this.filledPolls++;
  }

  private notePair(log: Log, offset: Json, message: Json): void {
    if (typeof offset !== 'number' || typeof message !== 'number') return;
    this.count++;
    log.lowestPolled = Math.min(log.lowestPolled, offset);
    const sentAt = log.sent.get(message);
    if (sentAt === offset) this.asSent++;
    else if (log.sent.get(offset) === message) this.exchanged++;
    if (sentAt === undefined) return;
    const shift = sentAt - offset;
    this.shifts.set(shift, (this.shifts.get(shift) ?? 0) + 1);
  }

  private log(key: string): Log {
    const known = this.logs.get(key);
    if (known !== undefined) return known;
    const log: Log = { sent: new Map(), given: new Map(), lowestSent: Infinity, lowestPolled: Infinity };
    this.logs.set(key, log);
    return log;
  }
}
