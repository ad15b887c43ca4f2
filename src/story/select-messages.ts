/**
 * Selects the messages of a run that belong to the story of a finding, with their importance. Start reading at `selectMessages`.
 *
 *     add 7 ── n1 ─┬─ tell 7 ──> n2 ── tell 7 ──> n3        selected: consequences of the operations with their values, above
 *                  └─ tell 7 ──X lost                       all messages lost on the way to the node that lacks the value
 *     read ─── n4, which answers without 7
 */
import { absenceOf, type Absence } from './absence.ts';
import { FollowedValues } from './followed-values.ts';
import type { Finding } from './finding.ts';
import { pastOf, type Moment } from './past.ts';
import { canonicalJson, isJsonArray, isJsonObject } from '../protocol/json.ts';
import type { StoryFacts } from './story-facts.ts';
import type { StoryMessage } from './story-messages.ts';
import { namedIn, toldLeaders, toldStates } from './state-steps.ts';
import { endOf, type StoryOperation } from './story-operations.ts';
import { sayingFields } from '../protocol/value-text.ts';

/** Weights of messages: lower ones matter more. Messages with the highest weight are dropped first if a story is too long. */
export const OWN = 0;
export const DECISIVE = 1;
export const HELPFUL = 2;
export const STATE = 3;

export interface Selection {
  /** Indexed by message id. */
  readonly weights: ReadonlyMap<number, number>;
  /** The operations in the story: those of the finding, and others whose requests had an influence. */
  readonly operations: readonly StoryOperation[];
  readonly values: FollowedValues;
  /** Set for a value that was never sent to the node that lacks it. */
  readonly absence: Absence | undefined;
  readonly startNanos: number;
  readonly endNanos: number;
  /** True if the story contains all operations of a small run; then it contains everything that went wrong in it as well. */
  readonly isOfAll: boolean;
}

/** What is known about a node that had the value and lost it. */
interface Around {
  /** Messages by which it showed that it had the value. */
  readonly signs: readonly StoryMessage[];
  /** What arrived there without the value. */
  readonly incoming: readonly StoryMessage[];
  /** When it got the value. */
  readonly knownNanos: number;
}

/** Maximum number of messages followed from one operation. */
const MOST_FOLLOWED = 3000;
/** Maximum number of messages that a node received around the time at which it went wrong. */
const MOST_AROUND = 3;
/** Nodes rarely wait longer for a reply. */
const LONGEST_OPEN_NANOS = 2e9;
/** Maximum number of operations that added what a node received in place of the value. */
const MOST_IN_PLACE = 2;
const MOST_IN_WINDOW = 60;
/** Maximum time in nanoseconds from the arrival of a message until its node reports its state. */
const LONGEST_TURN_NANOS = 5e6;
/** A shrunk run with at most this many operations shows all of them. */
const MOST_OF_FEW = 6;
/** A type with at most this share of the messages between nodes is rare. */
const RARE = 0.1;
/** If at most this many messages of a run were lost or duplicated, each of them matters. */
const MOST_RARE = 3;

export function selectMessages(facts: StoryFacts, finding: Finding): Selection {
  return new Selecting(facts, finding).select();
}

class Selecting {
  private readonly weights = new Map<number, number>();
  private readonly values: FollowedValues;
  /** The followed values one by one. */
  private readonly each: FollowedValues;
  private readonly beside: FollowedValues;
  private readonly told: Set<StoryOperation>;
  /** The operations that the finding names. */
  private readonly named: ReadonlySet<StoryOperation>;
  private readonly wrong: StoryOperation | undefined;
  private requests: ReadonlySet<number> | undefined;
  private rare: ReadonlySet<string> | undefined;
  private absence: Absence | undefined;
  private isOfAll = false;
  private readonly startNanos: number;
  private readonly endNanos: number;

  constructor(
    private readonly facts: StoryFacts,
    private readonly finding: Finding,
  ) {
    const { operations } = facts;
    this.values = new FollowedValues(finding.values);
    this.each = new FollowedValues(finding.values.flat().map((value) => [value]));
    this.beside = new FollowedValues((finding.beside ?? []).map((value) => [value]));
    this.named = new Set(finding.operations.flatMap((number) => operations.at(number) ?? []));
    this.told = new Set(this.named);
    this.wrong = finding.wrong === undefined ? undefined : operations.at(finding.wrong);
    const ends = [...this.told].map(endOf);
    this.endNanos =
      finding.place?.timeNanos ?? (this.wrong === undefined ? Math.max(...ends, 0) : endOf(this.wrong));
    this.startNanos = Math.min(...[...this.told].map(({ invocation }) => invocation.time), this.endNanos);
  }

  select(): Selection {
    const isMadeSmall = this.facts.run.spec.course !== undefined;
    if (isMadeSmall && (this.isOfWhatClientsSaw || this.finding.reach === 'value')) this.takeAllOfFew();
    for (const operation of this.told) this.takeExchanges(operation, OWN);
    switch (this.finding.reach) {
      case 'value':
        this.followWays();
        break;
      case 'operations':
        this.followOperations();
        break;
      case 'state':
      case 'merges':
        this.followOperations();
        this.takeWindow();
        this.takeElections();
        // Repetitions at the end add nothing to the read.
        if (this.finding.window === undefined)
          this.takeState(this.finding.reach === 'state' ? STATE : HELPFUL);
        break;
      case 'states':
        this.followOperations();
        this.takeState(STATE);
        this.takeBehindStates();
        break;
      case 'place':
        this.takePlace();
        break;
    }
    if (isMadeSmall && this.isOfWhatClientsSaw) this.takeRare();
    const { weights, told, values, absence, startNanos, endNanos, isOfAll } = this;
    const operations = [...told].toSorted((a, b) => a.invocation.index - b.invocation.index);
    return { weights, operations, values, absence, startNanos, endNanos, isOfAll };
  }

  /** Shrinking could remove no operation, so all matter, even if they share no value with the finding. */
  private takeAllOfFew(): void {
    const begun = this.facts.operations.all.filter(({ invocation }) => invocation.time <= this.endNanos);
    if (begun.length > MOST_OF_FEW) return;
    this.isOfAll = true;
    const wrongNanos = this.wrong?.invocation.time ?? Infinity;
    for (const operation of begun) {
      const { f, time } = operation.invocation;
      // A look at another node at the same time changes nothing of what this one sees.
      if (time < wrongNanos || (f !== 'read' && f !== 'poll')) this.told.add(operation);
    }
  }

  /** True unless the finding is about a single node, such as a protocol violation, or about the path of a value. */
  private get isOfWhatClientsSaw(): boolean {
    const { reach, place, isOfOneNode = false } = this.finding;
    if (place !== undefined || isOfOneNode || reach === 'value') return false;
    return reach !== 'operations' || this.facts.run.results.workload?.['valid?'] === false;
  }

  /**
   * In a shrunk run the few lost or duplicated messages decide the outcome, even if they belong to an operation that the finding
   * does not name.
   */
  private takeRare(): void {
    const { messages, operations } = this.facts;
    const rare = messages.all.filter(
      (message) =>
        message.sentNanos <= this.endNanos &&
        !messages.isWithClient(message) &&
        !this.isOfTheRun(message) &&
        (message.copies > 0 || message.losses.some(({ reason }) => reason === 'loss')),
    );
    if (messages.skipped > 0 || rare.length > MOST_RARE) return;
    for (const message of rare) {
      if (this.weights.has(message.id)) continue;
      this.take(message.id, DECISIVE);
      const request = this.requestBehind(message);
      const operation =
        request && operations.all.find((one) => operations.requestsOf(one).includes(request.id));
      if (operation === undefined || this.told.has(operation)) continue;
      this.told.add(operation);
      this.takeExchanges(operation, HELPFUL);
    }
  }

  private takeWindow(): void {
    const { window } = this.finding;
    if (window === undefined) return;
    const between = this.facts.messages.all.filter(
      (message) =>
        this.facts.kindOf(message.src) === 'node' &&
        this.facts.kindOf(message.dest) === 'node' &&
        message.sentNanos >= window.fromNanos &&
        message.sentNanos < window.toNanos &&
        this.isInTime(message) &&
        this.facts.messages.requestOf(message.id) === undefined,
    );
    for (const { id } of between.slice(-MOST_IN_WINDOW)) this.take(id, DECISIVE);
  }

  private takeExchanges(operation: StoryOperation, weight: number): void {
    for (const request of this.facts.operations.requestsOf(operation)) {
      this.take(request, weight);
      this.take(this.facts.messages.replyTo(request), weight);
    }
  }

  private take(id: number | undefined, weight: number): void {
    if (id !== undefined) this.weights.set(id, Math.min(weight, this.weights.get(id) ?? Infinity));
  }

  /** Follows the consequences of the operations: messages sent while handling theirs, or repeated by timers. */
  private followOperations(): void {
    for (const operation of this.told) {
      const seen = new Set<number>(this.facts.operations.requestsOf(operation));
      const said = new Set<string>();
      for (const id of seen) {
        if (seen.size > MOST_FOLLOWED) break;
        for (const child of this.facts.messages.childrenOf(id)) {
          const message = this.facts.messages.at(child);
          if (message === undefined || message.sentNanos > this.endNanos) continue;
          const content = this.contentOf(message);
          if (this.isFollowing(message) || (message.byTimer && said.has(content))) {
            seen.add(child);
            said.add(content);
            this.take(child, this.isTroubled(message) || this.carries(message) ? DECISIVE : HELPFUL);
          }
        }
      }
    }
  }

  /** Returns the content without the message id, which differs between repetitions. */
  private contentOf({ id, src, dest }: StoryMessage): string {
    const { messages } = this.facts;
    return `${src} ${dest} ${messages.typeOf(id)} ${canonicalJson(sayingFields(messages.bodyOf(id)))}`;
  }

  /** Timers run for the whole run, so their messages follow from an operation only if the content shows it. */
  private isFollowing(message: StoryMessage): boolean {
    if (this.isOfTheRun(message) || this.isBeside(message)) return false;
    return !message.byTimer || this.carries(message);
  }

  private isBeside({ id }: StoryMessage): boolean {
    const { messages } = this.facts;
    const isIn = (values: FollowedValues): boolean =>
      values.isIn(messages.textOf(id), () => messages.bodyOf(id));
    return isIn(this.beside) && !isIn(this.each);
  }

  /** Follows the paths of the value to the node that should have shown it. */
  private followWays(): void {
    const { messages } = this.facts;
    const place = this.wrong?.node;
    const carriers = messages.all.filter(
      (message) => this.isInTime(message) && !messages.isWithClient(message) && this.carries(message),
    );
    const arrivedAt = this.firstArrivals(carriers);
    const gotNanos = place === undefined ? undefined : arrivedAt.get(place)?.arrivals[0];
    const toPlace = carriers.filter(
      ({ dest, sentNanos }) => dest === place && sentNanos <= (gotNanos ?? Infinity),
    );
    const told =
      toPlace.length > 0 ? toPlace : carriers.filter((one) => arrivedAt.get(one.dest) === one || isLost(one));
    for (const message of told) this.takeWay(message, arrivedAt);
    if (place === undefined) return;
    this.takeAround(place, carriers, gotNanos);
    // A loss on the way to another node explains the absence.
    if (toPlace.length === 0 && !carriers.some(isLost)) this.takeAbsence(place, arrivedAt);
  }

  /** For a value that was never sent to the node: the nodes that had it, and what they sent there. */
  private takeAbsence(place: string, arrivedAt: ReadonlyMap<string, StoryMessage>): void {
    const { lacks } = this.finding;
    const { kindOf, messages } = this.facts;
    // Messages that were not loaded may contain the value.
    if (lacks === undefined || messages.all.length === 0 || messages.skipped > 0) return;
    const since = new Map<string, number>();
    for (const { node, invocation, completion } of this.named)
      if (node !== undefined && invocation.f !== 'read' && completion?.type === 'ok')
        since.set(node, invocation.time);
    for (const [name, { arrivals }] of arrivedAt) {
      const [first = Infinity] = arrivals;
      if (kindOf(name) === 'node' && first < (since.get(name) ?? Infinity)) since.set(name, first);
    }
    if (since.size === 0 || since.has(place)) return;
    const between = messages.all.filter(
      (message) =>
        message.dest === place &&
        since.has(message.src) &&
        messages.requestOf(message.id) === undefined &&
        !this.isOfTheRun(message),
    );
    this.absence = absenceOf({ value: lacks, place, since, endNanos: this.endNanos }, between, messages);
    for (const { id } of this.absence.instead) this.take(id, DECISIVE);
  }

  /** Returns for each endpoint the message by which it learned the value. */
  private firstArrivals(carriers: readonly StoryMessage[]): ReadonlyMap<string, StoryMessage> {
    const first = new Map<string, StoryMessage>();
    for (const message of carriers) {
      const [arrival] = message.arrivals;
      if (arrival === undefined) continue;
      const [known = Infinity] = first.get(message.dest)?.arrivals ?? [];
      if (arrival < known) first.set(message.dest, message);
    }
    return first;
  }

  /** Takes the message, its reply, and the messages by which its sender learned what it carries. */
  private takeWay(message: StoryMessage, arrivedAt: ReadonlyMap<string, StoryMessage>): void {
    if (this.weights.has(message.id)) return;
    this.take(message.id, DECISIVE);
    const before = arrivedAt.get(message.src);
    if (before !== undefined && (before.arrivals[0] ?? Infinity) <= message.sentNanos)
      this.takeWay(before, arrivedAt);
  }

  /**
   * Takes the messages that the node received around the time at which it went wrong: between the last sign that it had the
   * value and the first that it had not, or, if it received the value and never showed it, directly before that.
   */
  private takeAround(place: string, carriers: readonly StoryMessage[], gotNanos: number | undefined): void {
    const { wrong } = this;
    const own = [...this.named].find(({ node, invocation }) => node === place && invocation.f !== 'read');
    const knownNanos = gotNanos ?? (own === undefined ? undefined : endOf(own));
    if (wrong === undefined || knownNanos === undefined) return;
    const signs = carriers.filter(({ src, sentNanos }) => src === place && sentNanos >= knownNanos);
    const had = own !== undefined || signs.length > 0 || this.isShownAt(place);
    const incoming = this.facts.messages.all.filter(
      (message) =>
        message.dest === place &&
        message.arrivals.length > 0 &&
        !this.carries(message) &&
        !this.isOfTheRun(message) &&
        this.facts.messages.requestOf(message.id) === undefined &&
        !this.isRead(message),
    );
    const within = had
      ? this.betweenHavingAndLacking(place, { signs, incoming, knownNanos })
      : incoming.filter(({ arrivals: [at = 0] }) => at < knownNanos);
    for (const message of within.slice(-MOST_AROUND)) this.takeWithOperation(message);
    if (had) this.takeOpenRequests(place, knownNanos);
    if (had && !this.isKilledAt(place, knownNanos)) this.takeInPlace(within.at(-1));
  }

  private betweenHavingAndLacking(
    place: string,
    { signs, incoming, knownNanos }: Around,
  ): readonly StoryMessage[] {
    const since = this.lastSign(signs, knownNanos);
    const arrivedBy = (untilNanos: number): readonly StoryMessage[] =>
      incoming.filter(({ arrivals: [at = 0] }) => at > since && at <= untilNanos);
    const lacking = signs.length === 0 ? this.firstListWithout(place, knownNanos) : undefined;
    const before = lacking === undefined ? [] : arrivedBy(lacking.sentNanos);
    if (lacking === undefined || before.length === 0) return arrivedBy(this.firstLack(place, signs));
    this.take(lacking.id, DECISIVE);
    return before;
  }

  /** Returns what a node that never sent the value sent first instead: a list or a map without it. */
  private firstListWithout(place: string, knownNanos: number): StoryMessage | undefined {
    const { kindOf, messages } = this.facts;
    return messages.all.find(
      (message) =>
        message.src === place &&
        message.sentNanos > knownNanos &&
        message.sentNanos <= this.endNanos &&
        kindOf(message.dest) === 'node' &&
        messages.requestOf(message.id) === undefined &&
        !this.carries(message) &&
        Object.values(messages.bodyOf(message.id)).some((value) => isJsonArray(value) || isJsonObject(value)),
    );
  }

  /** A state read before waiting for a reply and written back afterwards lacks what arrived in between. */
  private takeOpenRequests(place: string, knownNanos: number): void {
    const { messages } = this.facts;
    const open = messages.all.filter((message) => {
      const { id, src, sentNanos } = message;
      if (src !== place || sentNanos > knownNanos || sentNanos < knownNanos - LONGEST_OPEN_NANOS)
        return false;
      if (messages.isWithClient(message) || this.isOfTheRun(message)) return false;
      if (messages.bodyOf(id)['msg_id'] === undefined || messages.requestOf(id) !== undefined) return false;
      const [answered = Infinity] = messages.at(messages.replyTo(id) ?? -1)?.arrivals ?? [];
      return answered > knownNanos;
    });
    for (const { id } of open.slice(-MOST_AROUND)) this.take(id, DECISIVE);
  }

  private isKilledAt(place: string, sinceNanos: number): boolean {
    return this.facts.bands.some(
      ({ kind, about, fromNanos }) =>
        kind === 'kill' &&
        about.split(' ').includes(place) &&
        fromNanos >= sinceNanos &&
        fromNanos <= this.endNanos,
    );
  }

  /** If a node that lost the value received other values instead, takes the operations that added those. */
  private takeInPlace(message: StoryMessage | undefined): void {
    const { messages, operations } = this.facts;
    if (message === undefined || messages.isWithClient(message)) return;
    const text = messages.textOf(message.id);
    const adds = operations.all.filter(
      (operation) =>
        operation.invocation.f !== 'read' &&
        operation.invocation.time <= message.sentNanos &&
        !this.told.has(operation) &&
        new FollowedValues([[operation.invocation.value]]).isIn(text, () => messages.bodyOf(message.id)),
    );
    if (adds.length > MOST_IN_PLACE) return;
    for (const add of adds) {
      this.told.add(add);
      this.takeExchanges(add, HELPFUL);
    }
  }

  private isShownAt(place: string): boolean {
    return [...this.named].some(
      (operation) =>
        operation.node === place && operation !== this.wrong && operation.invocation.f === 'read',
    );
  }

  private lastSign(signs: readonly StoryMessage[], knownNanos: number): number {
    return signs.at(-1)?.sentNanos ?? knownNanos;
  }

  /** Returns when the node first sent a message without the value that it had sent with it before, or else the time of the read. */
  private firstLack(place: string, signs: readonly StoryMessage[]): number {
    const { messages } = this.facts;
    const last = signs.at(-1);
    const lacking =
      last &&
      messages.all.find(
        (message) =>
          message.src === place &&
          message.sentNanos > last.sentNanos &&
          messages.typeOf(message.id) === messages.typeOf(last.id) &&
          !this.carries(message),
      );
    return lacking?.sentNanos ?? this.endNanos;
  }

  /** Takes a message; a client's request adds its operation to the story. */
  private takeWithOperation(message: StoryMessage): void {
    const { operations } = this.facts;
    if (!this.facts.messages.isWithClient(message)) {
      this.take(message.id, DECISIVE);
      return;
    }
    const operation = operations.all.find((one) => operations.requestsOf(one).includes(message.id));
    if (operation === undefined) return;
    this.told.add(operation);
    this.takeExchanges(operation, DECISIVE);
  }

  /** Takes everything the node of the wrong operation may have learned, and losses between the nodes that take part. */
  private takeState(weight: number): void {
    const { messages } = this.facts;
    const moments = this.momentsOfState();
    const inTime = messages.all.filter((message) => message.sentNanos <= this.endNanos);
    const past = pastOf(inTime, moments);
    for (const message of inTime) {
      if (this.weights.has(message.id) || this.isOfTheRun(message) || messages.isWithClient(message))
        continue;
      if (!past.has(message.id) && !isLost(message)) continue;
      if (this.belongsToAnother(message)) continue;
      const isDecisive =
        message.sentNanos >= this.startNanos && this.isTroubled(message) && this.carries(message);
      const isRare = message.sentNanos >= this.startNanos && this.rareTypes.has(messages.typeOf(message.id));
      this.take(message.id, isDecisive ? DECISIVE : isRare ? Math.min(weight, HELPFUL) : weight);
    }
  }

  /**
   * Types of messages between nodes that are seldom sent, and for no client: an election matters more than the replication around
   * it.
   */
  private get rareTypes(): ReadonlySet<string> {
    if (this.rare !== undefined) return this.rare;
    const { kindOf, messages } = this.facts;
    const counts = new Map<string, number>();
    const forClients = new Set<string>();
    let all = 0;
    for (const message of messages.all) {
      const { id, src, dest, sentNanos } = message;
      if (sentNanos > this.endNanos || kindOf(src) !== 'node' || kindOf(dest) !== 'node') continue;
      all++;
      const type = messages.typeOf(id);
      if (forClients.has(type)) continue;
      counts.set(type, (counts.get(type) ?? 0) + 1);
      if (this.requestBehind(message) !== undefined) forClients.add(type);
    }
    this.rare = new Set(
      [...counts].flatMap(([type, count]) => (count <= all * RARE && !forClients.has(type) ? [type] : [])),
    );
    return this.rare;
  }

  /**
   * Takes, for the nodes that the sentence names, the messages they received when they entered the states shown, and the
   * last ones they received from each other, which may have arrived late and undone earlier ones.
   */
  private takeBehindStates(): void {
    const { run, nodes } = this.facts;
    const { aboutStates: sentence, place } = this.finding;
    if (sentence === undefined || place === undefined) return;
    const untilNanos = place.timeNanos;
    const told = run.states === undefined ? [] : toldStates(run.states, { sentence, nodes, untilNanos });
    for (const { node, timeNanos } of told)
      this.takeLastOf(node, { fromNanos: timeNanos - LONGEST_TURN_NANOS, untilNanos: timeNanos });
    const named = namedIn(sentence, nodes);
    for (const node of named)
      for (const other of named) this.takeLastOf(node, { src: other, fromNanos: -Infinity, untilNanos });
  }

  /** Takes the messages by which nodes began to lead while the operations ran: they say which node decided. */
  private takeElections(): void {
    const { states } = this.facts.run;
    if (this.finding.reach !== 'state' || states === undefined) return;
    const period = { fromNanos: this.startNanos, untilNanos: this.endNanos };
    for (const { node, timeNanos } of toldLeaders(states, period))
      if (timeNanos >= this.startNanos)
        this.takeLastOf(node, { fromNanos: timeNanos - LONGEST_TURN_NANOS, untilNanos: timeNanos });
  }

  /** The last message that a node took in by some moment, with what it answers. */
  private takeLastOf(
    node: string,
    between: { readonly src?: string; readonly fromNanos: number; readonly untilNanos: number },
  ): void {
    const { messages } = this.facts;
    let [last, lastNanos]: [StoryMessage | undefined, number] = [undefined, between.fromNanos];
    for (const message of messages.all) {
      if (message.dest !== node || message.src !== (between.src ?? message.src)) continue;
      if (messages.isWithClient(message) || this.isOfTheRun(message)) continue;
      for (const arrival of message.arrivals)
        if (arrival >= lastNanos && arrival <= between.untilNanos) [last, lastNanos] = [message, arrival];
    }
    if (last === undefined) return;
    this.take(last.id, OWN);
    const asked = messages.at(messages.requestOf(last.id) ?? last.id) ?? last;
    // What its sender sent to others at once is one step with it.
    const type = messages.typeOf(asked.id);
    for (const { id, src, sentNanos } of messages.all)
      if (src === asked.src && sentNanos === asked.sentNanos && messages.typeOf(id) === type)
        this.take(id, OWN);
  }

  private momentsOfState(): readonly Moment[] {
    const { messages, operations, nodes } = this.facts;
    const { reach, place } = this.finding;
    if (place !== undefined) {
      const places = reach === 'states' ? nodes : [place.node];
      return places.map((node) => ({ place: node, timeNanos: place.timeNanos }));
    }
    const reply = this.wrong && operations.requestsOf(this.wrong).at(-1);
    const answer = reply === undefined ? undefined : messages.at(messages.replyTo(reply) ?? reply);
    const timeNanos = answer?.sentNanos ?? this.endNanos;
    return [...this.told].flatMap(({ node, completion }) =>
      node === undefined
        ? []
        : [{ place: node, timeNanos: Math.min(timeNanos, completion?.time ?? timeNanos) }],
    );
  }

  private get toldRequests(): ReadonlySet<number> {
    this.requests ??= new Set(
      [...this.told].flatMap((operation) => this.facts.operations.requestsOf(operation)),
    );
    return this.requests;
  }

  /** True if the message was sent for an operation outside the story. */
  private belongsToAnother(message: StoryMessage): boolean {
    const request = this.requestBehind(message);
    return request !== undefined && !this.toldRequests.has(request.id);
  }

  /** Returns the client's request that caused a message, directly or through other messages. */
  private requestBehind(message: StoryMessage): StoryMessage | undefined {
    const { messages } = this.facts;
    let at: StoryMessage | undefined = message;
    for (let steps = 0; steps < 100 && at !== undefined && !at.byTimer && at.origin !== undefined; steps++) {
      at = messages.at(at.origin);
      if (at !== undefined && messages.isWithClient(at)) return at;
    }
    return undefined;
  }

  /** Takes the last message that the node received, and its causes. */
  private takePlace(): void {
    const { place } = this.finding;
    if (place === undefined) return;
    const incoming = this.facts.messages.all
      .filter(({ dest, arrivals: [first = Infinity] }) => dest === place.node && first <= place.timeNanos)
      .slice(-MOST_AROUND);
    for (const message of incoming) {
      let at: StoryMessage | undefined = message;
      for (let steps = 0; steps < 20 && at !== undefined; steps++) {
        if (this.facts.messages.isWithClient(at)) this.takeWithOperation(at);
        this.take(at.id, DECISIVE);
        at = at.origin === undefined ? undefined : this.facts.messages.at(at.origin);
      }
    }
  }

  private isInTime({ sentNanos }: StoryMessage): boolean {
    return sentNanos >= this.startNanos && sentNanos <= this.endNanos;
  }

  /** True for `init`, `topology` and their replies. */
  private isOfTheRun({ src, dest }: StoryMessage): boolean {
    const { clients } = this.facts.run;
    return clients.client(src)?.process === null || clients.client(dest)?.process === null;
  }

  private isRead(message: StoryMessage): boolean {
    return this.facts.messages.isWithClient(message) && this.facts.messages.typeOf(message.id) === 'read';
  }

  private carries({ id }: StoryMessage): boolean {
    const { messages } = this.facts;
    return this.values.isIn(messages.textOf(id), () => messages.bodyOf(id));
  }

  private isTroubled(message: StoryMessage): boolean {
    return message.losses.length > 0 || message.copies > 0;
  }
}

/** True if no copy of the message arrived. */
export const isLost = ({ arrivals, losses }: StoryMessage): boolean =>
  arrivals.length === 0 && losses.length > 0;
