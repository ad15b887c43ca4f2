/**
 * A run that is stepped through, seen from the server. It is held in a process of its own, because a node can end its
 * process or never yield. The process is ended when it hangs, or after minutes without a request.
 */
import { ALIVE_EVERY_MS } from '../../harness/simulations/simulation-worker.ts';
import { WatchedProcess } from '../../harness/simulations/watched-process.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { Refusal } from '../refusal.ts';
import type {
  FromTravelWorker,
  ToTravelWorker,
  TravelAnswers,
  TravelAsk,
  TravelHost,
  TravelRequests,
} from './travel-messages.ts';

/** A node that does not yield is ended after 10 s; a process that is silent for longer has hung. */
const PATIENCE_MS = 20_000;
const IDLE_MS = 5 * 60_000;
const SHOWN_STDERR = 500;

interface Waiting {
  readonly resolve: (answer: TravelAnswers[TravelAsk]) => void;
  readonly reject: (error: Error) => void;
}

export class TravelProcess implements TravelHost {
  private readonly process: WatchedProcess<ToTravelWorker, FromTravelWorker>;
  private readonly waiting = new Map<number, Waiting>();
  private count = 0;
  /** Number of periodic looks since the last request. A clock would count the time of a suspended machine. */
  private idleLooks = 0;
  private ending = 'ended';

  constructor(
    /** dist/travel-worker.js. */
    file: string,
    folder: string,
    onGone: () => void,
  ) {
    this.process = new WatchedProcess(file, PATIENCE_MS, {
      isBusy: () => this.waiting.size > 0,
      heard: (message) => this.hear(message),
      failed: (error) => this.rejectAll(error),
      gone: () => {
        this.rejectAll(new Refusal(410, this.lastWords()));
        onGone();
      },
      stoodStill: () => {
        this.ending = `ended because it stood still for ${PATIENCE_MS / 1000} s: a node, or its inspect, never yields`;
      },
      looked: () => this.look(),
    });
    this.process.send({ kind: 'hold', folder });
  }

  ask<Ask extends TravelAsk>(ask: Ask, request: TravelRequests[Ask]): Promise<TravelAnswers[Ask]> {
    this.idleLooks = 0;
    return new Promise((resolve, reject) => {
      const number = this.count++;
      // The answer has the type of its request.
      this.waiting.set(number, { resolve: resolve as Waiting['resolve'], reject });
      this.process.send({ kind: 'ask', number, ask, request });
    });
  }

  close(): void {
    this.ending = 'ended to make room, or because the server ends';
    this.process.kill();
  }

  private hear(message: FromTravelWorker): void {
    const waiting = this.waiting.get(message.number);
    this.waiting.delete(message.number);
    if (message.kind === 'answered') return waiting?.resolve(message.answer);
    const { status, message: text } = message;
    waiting?.reject(status === 500 ? new Error(text) : new Refusal(status as Refusal['status'], text)); // the others are refusals
  }

  private rejectAll(error: Error): void {
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }

  private look(): void {
    this.idleLooks = this.waiting.size === 0 ? this.idleLooks + 1 : 0;
    if (this.idleLooks * ALIVE_EVERY_MS > IDLE_MS) this.close();
  }

  private lastWords(): string {
    const { code, signal } = this.process.exit;
    const how = this.ending !== 'ended' || code === null ? this.ending : `ended with exit code ${code}`;
    const memory =
      signal !== null && this.ending === 'ended'
        ? ' (by the system, or because a node filled the memory)'
        : '';
    const words = this.process.words.trim();
    const said = words === '' ? '' : ` Its last words: ${shownText(words, SHOWN_STDERR)}`;
    return `The process that held this run was ${how}${memory}; open it again.${said}`;
  }
}
