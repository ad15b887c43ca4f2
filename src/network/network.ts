/**
 * The network: takes a message from its sender, asks the rules, waits for the link's latency, asks the rules again, and
 * hands it to its receiver. Everything is journalled and counted.
 *
 * A message with no latency and no delaying rule is handed over within `send`, as the very bytes it came in; only one
 * that has to wait is copied. Messages due at the same time arrive in the order in which they were sent.
 */
import { stringifyJson, type Json } from '../protocol/json.ts';
import { causeOf, NO_ORIGIN, Turn, type Causes, type Origin } from '../world/cause.ts';
import type { Clock } from '../world/clock.ts';
import type { Random } from '../world/random.ts';
import type { TurningPoint } from '../world/turning-point.ts';
import type { Packet } from '../world/world.ts';
import type { Endpoint, EndpointKind } from './endpoint.ts';
import type { Journal } from './journal.ts';
import { calmLatency, LatencyModel, type LatencySpec } from './latency.ts';
import { LinkStreams } from './links.ts';
import { MessageExceptions, type MessageException, type OrderedJourney } from './message-exceptions.ts';
import { ActivityMeter, type ActivityCount, type NodeActivity } from './node-activity.ts';
import { Receipts } from './receipts.ts';
import { askOnArrival, askRules, PASS, type Rule } from './rule.ts';
import { NetworkStats, type NetResults } from './stats.ts';

/**
 * `unknown-dest`: no endpoint ever had that name; the message was not sent. A name that once had one is
 * no error of the sender: the message vanishes.
 */
export type SendOutcome = 'sent' | 'unknown-dest';

export interface NetworkOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Whose turn it is, where the world knows it; chance is then keyed by what a message follows from. */
  readonly causes?: Causes | undefined;
  readonly latency: LatencySpec;
  /** Nothing is lost, doubled or held back by chance, and every message takes the mean latency of its link. */
  readonly isCalm?: boolean;
  /** From there on nothing is calm or ordered for single messages any more, and latencies are others. */
  readonly future?: { readonly from: TurningPoint; readonly latency: LatencySpec } | undefined;
  /** What becomes of single messages, whatever chance says. */
  readonly exceptions?: readonly MessageException[];
  readonly journal: Journal;
  /** Called for every message sent, for `--log-net-send`. */
  readonly onSend?: (packet: Packet) => void;
  /** Called for every message received, for `--log-net-recv`. */
  readonly onReceive?: (packet: Packet) => void;
  /** More bytes than that on their way at once, and further messages that have to wait are dropped. Default 256 MiB. */
  readonly maxInFlightBytes?: number;
}

/** What a name stands for, now or in the past. */
interface Site {
  readonly name: string;
  readonly kind: EndpointKind;
  endpoint: Endpoint | undefined;
  /** Goes up when its endpoint goes: what was on its way to a former life is lost. */
  life: number;
  /** Only nodes have one. */
  readonly activity: ActivityCount | undefined;
  /** Of nodes, from 1; 0 of others. */
  readonly number: number;
  /** The service it asked last, if any. */
  lastService: string | undefined;
  /** Messages held back until it is initialised; undefined when it takes messages as they come. */
  held: HeldMessages | undefined;
}

interface HeldMessages {
  /** The client whose messages pass, for it brings the `init`. */
  initialiser: string | undefined;
  readonly packets: { readonly packet: Packet; readonly from: Site }[];
}

/** What a waiting message costs beside its body, about. */
const OVERHEAD_BYTES = 256;

export class Network {
  private readonly sites = new Map<string, Site>();
  private rules: readonly Rule[] = [];
  /** Between these, and services, there are no faults. */
  private spared: ReadonlySet<string> = new Set();
  private readonly stats = new NetworkStats();
  private readonly activityMeter = new ActivityMeter();
  private latency: LatencyModel;
  private readonly latencyStreams: LinkStreams;
  private exceptions: MessageExceptions;
  private readonly maxInFlightBytes: number;
  private nextId = 0;
  private inFlightBytes = 0;
  private closed = false;
  private isInFuture = false;
  /** Kept where the world does not know what follows from what, and nodes may say it. */
  private readonly receipts: Receipts | undefined;
  private nodeCount = 0;
  /** A node has said what a message follows from. */
  private hasSaidOrigins = false;
  /** What a service is handling: it sends within `deliver` what it answers. */
  private handled: number | undefined;

  constructor(private readonly options: NetworkOptions) {
    const { latency, isCalm = false, exceptions = [] } = options;
    this.latency = new LatencyModel(isCalm ? calmLatency(latency) : latency);
    this.exceptions = new MessageExceptions(exceptions);
    this.latencyStreams = new LinkStreams(options.random.child('latency'));
    this.maxInFlightBytes = options.maxInFlightBytes ?? 256 * 1024 * 1024;
    this.receipts = options.causes === undefined ? new Receipts() : undefined;
  }

  /** Messages sent so far. */
  get messages(): number {
    return this.stats.messages;
  }

  /** The `net` results, for that many client operations. */
  results(operations: number): NetResults {
    return this.stats.results(operations);
  }

  /** How busy these nodes have been lately, in that order; those that are down at present are left out. */
  activity(nodes: readonly string[]): readonly NodeActivity[] {
    this.activityMeter.advance(this.options.clock.nowNanos());
    return nodes.flatMap((node) => {
      const site = this.sites.get(node);
      return site?.endpoint === undefined || site.activity === undefined ? [] : [{ node, ...site.activity }];
    });
  }

  /** The service that a node asked last; undefined when it never asked one. */
  lastService(node: string): string | undefined {
    return this.sites.get(node)?.lastService;
  }

  /** Puts an endpoint under a name. A name keeps its kind for the whole run; one that is attached already is an error. */
  attach(name: string, kind: EndpointKind, endpoint: Endpoint): void {
    const site = this.sites.get(name);
    if (site === undefined) {
      const activity = kind === 'node' ? this.activityMeter.add() : undefined;
      this.sites.set(name, {
        name,
        kind,
        endpoint,
        life: 0,
        activity,
        number: kind === 'node' ? ++this.nodeCount : 0,
        lastService: undefined,
        held: undefined,
      });
      return;
    }
    if (site.endpoint !== undefined) throw new Error(`Network.attach: ${name} is attached already`);
    if (site.kind !== kind) throw new Error(`Network.attach: ${name} was a ${site.kind}, not a ${kind}`);
    site.endpoint = endpoint;
  }

  /** Takes the endpoint away. The name stays known: messages to it, and those on their way, vanish. */
  detach(name: string): void {
    const site = this.sites.get(name);
    if (site?.endpoint === undefined) return;
    site.endpoint = undefined;
    site.life++;
    this.stopHolding(site, ({ packet }) => this.drop(packet, 'gone'));
  }

  /**
   * From now on holds back what arrives for that node, until `release`: a node that starts is to meet nothing before its
   * `init`, and many cannot. Only what services say passes, since a node may ask them in order to initialise itself, and
   * what comes from `initialiser`, which may be named by a later call.
   *
   *     n2 -> n1 gossip    held back          c7 -> n1 init    n1 -> c7 init_ok    n2 -> n1 gossip, delivered
   *
   * A node that asks another before its own `init_ok` waits for an answer, and takes messages from then on.
   */
  hold(name: string, initialiser?: string): void {
    const site = this.sites.get(name);
    if (site?.endpoint === undefined) return;
    site.held ??= { initialiser, packets: [] };
    site.held.initialiser = initialiser;
  }

  /** Delivers what was held back, in the order in which it arrived. */
  release(name: string): void {
    const site = this.sites.get(name);
    if (site !== undefined) this.stopHolding(site, ({ packet, from }) => this.deliver(packet, from, site));
  }

  /** What that name stands for, now or in the past; undefined when it never stood for anything. */
  kindOf(name: string): EndpointKind | undefined {
    return this.sites.get(name)?.kind;
  }

  /** Installs a rule after those there are; returns what removes it. */
  addRule(rule: Rule): () => void {
    const { isCalm, future } = this.options;
    const isLeftOut = isCalm === true && rule.drawsFates === true;
    if (isLeftOut && future === undefined) return () => undefined;
    const added = isLeftOut && future !== undefined ? onlyPast(future.from, rule) : rule;
    this.rules = [...this.rules, added];
    return () => {
      this.rules = this.rules.filter((other) => other !== added);
    };
  }

  /** From now on no fault touches the links between these nodes, and to services; with no node, all do again. */
  spare(nodes: readonly string[]): void {
    this.spared = new Set(nodes);
  }

  /** Whether a partition or a one-way cut loses what is due on that link now. Asking changes nothing. */
  isCut(src: string, dest: string): boolean {
    const [from, to] = [this.sites.get(src), this.sites.get(dest)];
    if (from === undefined || to === undefined || from === to || this.rules.length === 0) return false;
    return this.rulesBetween(from, to).some((rule) => rule.cuts?.(src, dest) === true);
  }

  private rulesBetween(from: Site, to: Site): readonly Rule[] {
    if (this.spared.size === 0) return this.rules;
    const isSpared = ({ kind, name }: Site): boolean => kind === 'service' || this.spared.has(name);
    return isSpared(from) && isSpared(to) ? this.rules.filter(({ isFault }) => isFault !== true) : this.rules;
  }

  /** Whether nodes may say what their messages follow from. The simulated world knows better. */
  get takesOrigins(): boolean {
    return this.receipts !== undefined;
  }

  /** Whether that node, in this life or a former one, received that message. */
  hasReceived(node: string, message: number): boolean {
    const number = this.sites.get(node)?.number ?? 0;
    return number > 0 && this.receipts?.has(message, number) === true;
  }

  /**
   * Sends a body; src must have been attached. The body's bytes need to live no longer than the call. `said` is what a node
   * says that the message follows from.
   */
  send(src: string, dest: string, body: Buffer, said?: Origin): SendOutcome {
    const to = this.sites.get(dest);
    if (to === undefined) return 'unknown-dest';
    const from = this.sites.get(src);
    if (from === undefined) throw new Error(`Network.send: ${src} was never attached`);
    return this.dispatch(this.packet(from, from.name, to.name, body, said), from, to);
  }

  /** As `send` by that node, but in the name of a client. The message takes the node's way: its links, its faults. */
  forward(node: string, client: string, dest: string, body: Buffer, said?: Origin): SendOutcome {
    const to = this.sites.get(dest);
    if (to === undefined) return 'unknown-dest';
    const from = this.sites.get(node);
    if (from === undefined) throw new Error(`Network.forward: ${node} was never attached`);
    return this.dispatch(this.packet(from, client, to.name, body, said), from, to);
  }

  private packet(from: Site, src: string, dest: string, body: Buffer, said: Origin | undefined): Packet {
    const turn = this.options.causes?.current;
    if (turn === undefined) return { id: this.nextId, src, dest, body, origin: this.originOf(from, said) };
    return { id: this.nextId, src, dest, body, cause: { id: turn.next(dest), origin: turn.origin } };
  }

  /** Of nodes what they say; where one says anything at all, of services what they answer, and of clients that they begin. */
  private originOf(from: Site, said: Origin | undefined): Origin | undefined {
    if (said !== undefined) this.hasSaidOrigins = true;
    if (from.kind === 'node' || !this.hasSaidOrigins) return said;
    return from.kind === 'client' || this.handled === undefined
      ? NO_ORIGIN
      : { message: this.handled, byTimer: false };
  }

  private dispatch(packet: Packet, from: Site, to: Site): SendOutcome {
    if (this.closed) return 'sent';
    if (this.options.future !== undefined) this.lookForFuture(packet.id, this.options.future);
    this.nextId++;
    if (from.held !== undefined && to.kind === 'node' && from !== to && isRequest(packet.body))
      this.release(from.name);
    const withClient = from.kind === 'client' || to.kind === 'client';
    if (to.kind === 'service') from.lastService = to.name;
    this.stats.sent(withClient);
    this.options.journal.sent(this.options.clock.nowNanos(), packet);
    this.options.onSend?.(packet);
    const isFree = this.rules.length === 0 && this.latency.isZero && this.exceptions.isEmpty;
    if (withClient || isFree) this.arrive(packet, from, to);
    else this.route(packet, from, to);
    return 'sent';
  }

  private lookForFuture(sent: number, { from, latency }: NonNullable<NetworkOptions['future']>): void {
    if (this.isInFuture) return;
    from.beforeMessage(sent);
    if (!from.isPast) return;
    this.isInFuture = true;
    this.latency = new LatencyModel(latency);
    this.exceptions = new MessageExceptions([]);
  }

  /** Sends a JSON value, for endpoints within this process. */
  sendJson(src: string, dest: string, body: Json): SendOutcome {
    return this.send(src, dest, Buffer.from(stringifyJson(body)));
  }

  /** Nothing is sent or delivered any more. Does not close the journal. */
  close(): void {
    this.closed = true;
  }

  private route(packet: Packet, from: Site, to: Site): void {
    const ordered = this.exceptions.isEmpty ? undefined : this.exceptions.of(packet);
    if (ordered !== undefined) return this.routeAsOrdered(packet, from, to, ordered);
    if (this.rules.length === 0 || from === to) return this.travel(packet, from, to, 1, 0);
    const nowNanos = this.options.clock.nowNanos();
    const { dropped, factor, delayNanos, copiesLaterNanos } = askRules(
      this.rulesBetween(from, to),
      onItsWay(packet, from),
      nowNanos,
    );
    if (dropped !== undefined) return this.drop(packet, dropped);
    this.announceCopies(packet, copiesLaterNanos);
    this.travel(packet, from, to, factor, delayNanos);
    for (const [number, laterNanos] of copiesLaterNanos.entries())
      this.travel(copyOf(packet, number), from, to, factor, delayNanos + laterNanos);
  }

  /** Rules still hold for it when it arrives, if it is not spared: a partition cuts it off. */
  private routeAsOrdered(packet: Packet, from: Site, to: Site, ordered: OrderedJourney): void {
    const { dropped, isSpared, takesNanos, copiesTakeNanos } = ordered;
    if (dropped) return this.drop(packet, 'loss');
    this.announceCopies(packet, copiesTakeNanos);
    this.waitFor(takesNanos ?? this.drawLatency(packet, from, to), packet, from, to, isSpared);
    for (const [number, nanos] of copiesTakeNanos.entries())
      this.waitFor(nanos, copyOf(packet, number), from, to);
  }

  private announceCopies(packet: Packet, copies: readonly number[]): void {
    if (copies.length === 0) return;
    this.options.journal.duplicated(this.options.clock.nowNanos(), packet, copies.length);
  }

  private travel(packet: Packet, from: Site, to: Site, factor: number, extraNanos: number): void {
    const nanos = Math.round(this.drawLatency(packet, from, to) * factor) + extraNanos;
    this.waitFor(nanos, packet, from, to);
  }

  /** It arrives after that time. */
  private waitFor(nanos: number, packet: Packet, from: Site, to: Site, isSpared = false): void {
    if (nanos <= 0) return this.arrive(packet, from, to, isSpared);
    const bytes = packet.body.length + OVERHEAD_BYTES;
    if (this.inFlightBytes + bytes > this.maxInFlightBytes) return this.drop(packet, 'too much in flight');
    this.inFlightBytes += bytes;
    // A node's bytes lie in its read buffer, which will be used again.
    const kept: Packet = { ...packet, body: Buffer.from(packet.body) };
    const life = to.life;
    this.options.clock.schedule(this.options.clock.nowNanos() + nanos, () => {
      this.inFlightBytes -= bytes;
      if (this.closed) return;
      if (to.life === life) this.arrive(kept, from, to, isSpared);
      else this.drop(kept, 'gone');
    });
  }

  private arrive(packet: Packet, from: Site, to: Site, isSpared = false): void {
    const isAsked = this.rules.length > 0 && !isSpared;
    if (isAsked && from !== to && from.kind !== 'client' && to.kind !== 'client') {
      const dropped = askOnArrival(
        this.rulesBetween(from, to),
        onItsWay(packet, from),
        this.options.clock.nowNanos(),
      );
      if (dropped !== undefined) return this.drop(packet, dropped);
    }
    const { held } = to;
    if (held !== undefined && from.kind !== 'service' && from !== to && from.name !== held.initialiser)
      return this.holdBack(packet, from, held);
    this.deliver(packet, from, to);
  }

  private deliver(packet: Packet, from: Site, to: Site): void {
    const withClient = from.kind === 'client' || to.kind === 'client';
    const nowNanos = this.options.clock.nowNanos();
    const endpoint = to.endpoint;
    if (endpoint === undefined) return this.drop(packet, 'gone');
    if (endpoint.refuses?.() === true) return this.drop(packet, 'not read');
    this.stats.received(withClient);
    this.countActivity(from, to, nowNanos);
    this.options.journal.received(nowNanos, packet);
    this.options.onReceive?.(packet);
    const { causes } = this.options;
    // A node only takes note of it: its turn comes later.
    if (to.kind === 'node') {
      this.receipts?.note(packet.id, to.number);
      return endpoint.deliver(packet);
    }
    if (causes === undefined || packet.cause === undefined) return this.deliverHandled(packet, endpoint);
    const turn = new Turn(packet.cause.id, { message: packet.id, byTimer: false });
    causes.during(turn, () => endpoint.deliver(packet));
  }

  private deliverHandled(packet: Packet, endpoint: Endpoint): void {
    const before = this.handled;
    this.handled = packet.id;
    try {
      endpoint.deliver(packet);
    } finally {
      this.handled = before;
    }
  }

  private holdBack(packet: Packet, from: Site, held: HeldMessages): void {
    const bytes = packet.body.length + OVERHEAD_BYTES;
    if (this.inFlightBytes + bytes > this.maxInFlightBytes) return this.drop(packet, 'too much in flight');
    this.inFlightBytes += bytes;
    held.packets.push({ packet: { ...packet, body: Buffer.from(packet.body) }, from });
  }

  private stopHolding(site: Site, take: (message: HeldMessages['packets'][number]) => void): void {
    const { held } = site;
    site.held = undefined;
    if (held === undefined) return;
    for (const message of held.packets) {
      this.inFlightBytes -= message.packet.body.length + OVERHEAD_BYTES;
      if (!this.closed) take(message);
    }
  }

  /** On the way of every message: two additions, and nothing allocated. */
  private countActivity(from: Site, to: Site, nowNanos: number): void {
    const sender = from.activity;
    if (sender === undefined || from === to) return;
    this.activityMeter.advance(nowNanos);
    if (to.activity !== undefined) {
      sender.withNodes++;
      to.activity.withNodes++;
    } else if (to.kind === 'client') {
      sender.toClients++;
    }
  }

  private drop(packet: Packet, reason: string): void {
    this.options.journal.dropped(this.options.clock.nowNanos(), packet, reason);
  }

  private drawLatency(packet: Packet, from: Site, to: Site): number {
    const { latency } = this;
    if (latency.isZero) return 0;
    return latency.drawNanos(from.name, to.name, this.latencyStreams.for(onItsWay(packet, from)));
  }
}

/** A copy has a fate of its own. */
function copyOf(packet: Packet, number: number): Packet {
  const { cause } = packet;
  return cause === undefined
    ? packet
    : { ...packet, cause: { ...cause, id: causeOf(cause.id, 'copy', number) } };
}

/** A rule that draws for each message, once chance is another. */
const onlyPast = (point: TurningPoint, rule: Rule): Rule => ({
  ...rule,
  onSend: (packet, nowNanos) => (point.isPast ? (rule.onSend?.(packet, nowNanos) ?? PASS) : PASS),
});

/** What rules are asked about: a message that a node sent in a client's name goes the node's way. */
function onItsWay(packet: Packet, from: Site): Packet {
  return packet.src === from.name ? packet : { ...packet, src: from.name };
}

/** Whether a body seems to ask for an answer. */
function isRequest(body: Buffer): boolean {
  return /"msg_id"\s*:\s*-?\d/.test(body.toString('latin1'));
}
