/**
 * A run that is stepped through, as the server sees it: in a process of its own, for a node can end the process that it runs in, or
 * never yield. One that stands still is ended; so is one that was asked nothing for minutes.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { ALIVE_EVERY_MS } from '../harness/simulation-worker.ts';
import { surroundings } from '../harness/test-process.ts';
import { shownText } from '../protocol/shown-text.ts';
import { Refusal } from './refusal.ts';
import type {
  FromTravelWorker,
  ToTravelWorker,
  TravelAnswers,
  TravelAsk,
  TravelHost,
  TravelRequests,
} from './travel-messages.ts';

/** A node that does not yield is ended after 10 s; a process that is silent for longer does not come back. */
const PATIENCE_MS = 20_000;
const IDLE_MS = 5 * 60_000;
const KEPT_STDERR = 2_000;

interface Waiting {
  readonly resolve: (answer: TravelAnswers[TravelAsk]) => void;
  readonly reject: (error: Error) => void;
}

export class TravelProcess implements TravelHost {
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, Waiting>();
  private readonly looking: NodeJS.Timeout;
  private count = 0;
  /** Looks since it last said something, and since it was last asked: a clock would count the sleep of a suspended machine. */
  private silentLooks = 0;
  private idleLooks = 0;
  private words = '';
  private ending = 'ended';

  constructor(
    /** dist/travel-worker.js. */
    file: string,
    folder: string,
    private readonly onGone: () => void,
  ) {
    this.child = fork(file, [], {
      ...surroundings([]),
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const { child } = this;
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.words = (this.words + text).slice(-KEPT_STDERR);
    });
    child.on('message', (message: FromTravelWorker) => this.hear(message));
    child.on('error', (error) => {
      if (child.pid === undefined) this.gone(error);
    });
    child.on('close', () => this.gone(new Refusal(410, this.lastWords())));
    this.looking = setInterval(() => this.look(), ALIVE_EVERY_MS);
    this.looking.unref();
    process.on('exit', this.kill);
    this.send({ kind: 'hold', folder });
  }

  ask<Ask extends TravelAsk>(ask: Ask, request: TravelRequests[Ask]): Promise<TravelAnswers[Ask]> {
    this.idleLooks = 0;
    return new Promise((resolve, reject) => {
      const number = this.count++;
      // An answer is that of what was asked.
      this.waiting.set(number, { resolve: resolve as Waiting['resolve'], reject });
      this.send({ kind: 'ask', number, ask, request });
    });
  }

  close(): void {
    this.ending = 'ended to make room, or because the server ends';
    this.kill();
  }

  private hear(message: FromTravelWorker): void {
    this.silentLooks = 0;
    switch (message.kind) {
      case 'alive':
        return;
      case 'answered':
        return this.take(message.number)?.resolve(message.answer);
      case 'refused': {
        const { status, message: text } = message;
        const error = status === 500 ? new Error(text) : new Refusal(status as Refusal['status'], text); // the others are its own
        return this.take(message.number)?.reject(error);
      }
      case 'failed':
        for (const { reject } of this.waiting.values()) reject(new Error(message.stack ?? message.message));
        this.waiting.clear();
    }
  }

  private take(number: number): Waiting | undefined {
    const waiting = this.waiting.get(number);
    this.waiting.delete(number);
    return waiting;
  }

  private look(): void {
    this.idleLooks = this.waiting.size === 0 ? this.idleLooks + 1 : 0;
    this.silentLooks = this.waiting.size === 0 ? 0 : this.silentLooks + 1;
    if (this.idleLooks * ALIVE_EVERY_MS > IDLE_MS) this.close();
    if (this.silentLooks * ALIVE_EVERY_MS <= PATIENCE_MS) return;
    this.ending = `ended because it stood still for ${PATIENCE_MS / 1000} s: a node, or its inspect, never yields`;
    this.kill();
  }

  private gone(error: Error): void {
    clearInterval(this.looking);
    process.off('exit', this.kill);
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
    this.onGone();
  }

  private lastWords(): string {
    const { exitCode, signalCode } = this.child;
    const how =
      this.ending !== 'ended' || exitCode === null ? this.ending : `ended with exit code ${exitCode}`;
    const memory =
      signalCode !== null && this.ending === 'ended'
        ? ' (by the system, or because a node filled the memory)'
        : '';
    const said = this.words.trim() === '' ? '' : ` Its last words: ${shownText(this.words.trim(), 500)}`;
    return `The process that held this run was ${how}${memory}; open it again.${said}`;
  }

  private send(message: ToTravelWorker): void {
    // That it is gone is seen elsewhere.
    if (this.child.connected) this.child.send(message, () => {});
  }

  private readonly kill = (): void => void this.child.kill('SIGKILL');
}
