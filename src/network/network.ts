/**
 * The network: takes a message from its sender, asks the rules, waits for the link's latency, asks the rules again, and
 * delivers it to its receiver. Everything is journalled and counted.
 *
 * A message without latency or a delaying rule is delivered within `send`, uncopied; only messages that wait are
 * copied. Messages due at the same time arrive in the order in which they were sent.
 */
import { stringifyJson, type Json } from '../protocol/json.ts';
import { shownText } from '../protocol/shown-text.ts';
import { causeOf, NO_ORIGIN, Turn, type Causes, type Origin } from '../world/cause.ts';
import type { Clock } from '../world/clock.ts';
import type { Random } from '../world/random.ts';
import type { TurningPoint } from '../world/turning-point.ts';
import type { Packet } from '../world/world.ts';
import type { Endpoint, EndpointKind } from './endpoint.ts';
import type { Journal } from './journal/journal.ts';
import { calmLatency, LatencyModel, type LatencySpec } from './rules/latency.ts';
import { LinkStreams } from './rules/links.ts';
import { MessageExceptions, type MessageException, type OrderedJourney } from './rules/message-exceptions.ts';
import { messageType } from './message-type.ts';
import { ActivityMeter, type ActivityCount, type NodeActivity } from './node-activity.ts';
import { Receipts } from './receipts.ts';
import { askOnArrival, askRules, PASS, type Rule } from './rules/rule.ts';
import { NetworkStats, type NetResults } from './stats.ts';

/**
 * `unknown-dest`: no endpoint ever had that name, so the message was not sent. Sending to a name that had an endpoint
 * in the past is not an error: the message vanishes.
 */
export type SendOutcome = 'sent' | 'unknown-dest';

export interface NetworkOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Knows the current turn, in a world that tracks causes. Randomness is then keyed by causes. */
  readonly causes?: Causes | undefined;
  readonly latency: LatencySpec;
  /** Nothing is lost, duplicated or held back at random, and every message takes the mean latency of its link. */
  readonly isCalm?: boolean;
  /** From this point on the network is not calm, exceptions no longer apply, and this latency is used. */
  readonly future?: { readonly from: TurningPoint; readonly latency: LatencySpec } | undefined;
  /** Explicit fates of single messages, which override random ones. */
  readonly exceptions?: readonly MessageException[] | undefined;
  readonly journal: Journal;
  /** Called for every message sent, for `--log-net-send`. */
  readonly onSend?: (packet: Packet) => void;
  /** Called for every message received, for `--log-net-recv`. */
  readonly onReceive?: (packet: Packet) => void;
  /** Maximum number of bytes in flight; beyond it, messages that have to wait are dropped. Default: 256 MiB. */
  readonly maxInFlightBytes?: number;
}

/** What a name refers to, now or in the past. */
interface Site {
  readonly name: string;
  readonly kind: EndpointKind;
  endpoint: Endpoint | undefined;
  /** Incremented when the endpoint is detached: messages in flight to an earlier life are lost. */
  life: number;
  /** Undefined for services and clients. */
  readonly activity: ActivityCount | undefined;
  /** Number of a node, from 1; 0 for others. */
  readonly number: number;
  /** The service that it sent to last, if any. */
  lastService: string | undefined;
  /** Messages held back until it is initialised; undefined when messages are delivered immediately. */
  held: HeldMessages | undefined;
}

interface HeldMessages {
  /** The client whose messages pass, since it sends the `init`. */
  initialiser: string | undefined;
  readonly packets: { readonly packet: Packet; readonly from: Site }[];
}

/** Approximate size of a waiting message without its body. */
const OVERHEAD_BYTES = 256;
/** Maximum length of a message's type in words. */
const LONGEST_TYPE = 60;

export class Network {
  private readonly sites = new Map<string, Site>();
  private rules: readonly Rule[] = [];
  /** No fault affects the links between these nodes, and between them and services. */
  private spared: ReadonlySet<string> = new Set();
  private readonly stats = new NetworkStats();
  private readonly activityMeter = new ActivityMeter();
  private latency: LatencyModel;
  private readonly latencyStreams: LinkStreams;
  private exceptions: MessageExceptions;
  private readonly maxInFlightBytes: number;
  private nextId = 0;
  /** Its body may be overwritten once its sender prints again. */
  private lastSent: Packet | undefined;
  private inFlightBytes = 0;
  private closed = false;
  private isInFuture = false;
  /** Present when the world does not know causes, so nodes may report them. */
  private readonly receipts: Receipts | undefined;
  private nodeCount = 0;
  /** True once a node has reported what a message follows from. */
  private hasSaidOrigins = false;
  /** The message that a service is handling; it sends its reply within `deliver`. */
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

  /** The message sent last, in words: `"tell" from n1 to n2`. */
  lastInWords(): string | undefined {
    if (this.lastSent === undefined) return undefined;
    const { src, dest, body } = this.lastSent;
    const type = messageType(body);
    return `${type === undefined ? '' : `${shownText(JSON.stringify(type), LONGEST_TYPE)} `}from ${src} to ${dest}`;
  }

  /** Returns the `net` results for that many client operations. */
  results(operations: number): NetResults {
    return this.stats.results(operations);
  }

  /** Returns how busy these nodes have been lately, in that order, leaving out nodes that are down. */
  activity(nodes: readonly string[]): readonly NodeActivity[] {
    this.activityMeter.advance(this.options.clock.nowNanos());
    return nodes.flatMap((node) => {
      const site = this.sites.get(node);
      return site?.endpoint === undefined || site.activity === undefined ? [] : [{ node, ...site.activity }];
    });
  }

  lastService(node: string): string | undefined {
    return this.sites.get(node)?.lastService;
  }

  /**
   * Attaches an endpoint to a name. A name keeps its kind for the whole run. Throws if the name has an endpoint
   * already.
   */
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

  /** Removes the endpoint. The name stays known: messages to it, including those in flight, vanish. */
  detach(name: string): void {
    const site = this.sites.get(name);
    if (site?.endpoint === undefined) return;
    site.endpoint = undefined;
    site.life++;
    this.stopHolding(site, ({ packet }) => this.drop(packet, 'gone'));
  }

  /**
   * Holds back what arrives for that node until `release`: a starting node must get nothing before its `init`, which
   * many nodes cannot handle. Messages from services pass, since a node may ask services in order to initialise itself,
   * and so do those from `initialiser`, which a later call may name.
   *
   *     n2 -> n1 gossip    held back          c7 -> n1 init    n1 -> c7 init_ok    n2 -> n1 gossip, delivered
   *
   * A node that sends a request to another one before its own `init_ok` waits for the reply, and gets messages from
   * then on.
   */
  hold(name: string, initialiser?: string): void {
    const site = this.sites.get(name);
    if (site?.endpoint === undefined) return;
    site.held ??= { initialiser, packets: [] };
    site.held.initialiser = initialiser;
  }

  /** Delivers the messages that were held back, in the order in which they arrived. */
  release(name: string): void {
    const site = this.sites.get(name);
    if (site !== undefined) this.stopHolding(site, ({ packet, from }) => this.deliver(packet, from, site));
  }

  /** Returns what a name refers to, now or in the past, or undefined if it was never attached. */
  kindOf(name: string): EndpointKind | undefined {
    return this.sites.get(name)?.kind;
  }

  /** Installs a rule after the existing ones; returns a function that removes it. */
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

  /** Exempts the links between these nodes, and to services, from faults; with no node, ends the exemption. */
  spare(nodes: readonly string[]): void {
    this.spared = new Set(nodes);
  }

  /** True when a partition or a one-way cut loses what arrives on that link now. Has no side effects. */
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

  /** Whether nodes may report what their messages follow from. The simulated world knows it better. */
  get takesOrigins(): boolean {
    return this.receipts !== undefined;
  }

  /** Whether that node, in this life or an earlier one, received that message. */
  hasReceived(node: string, message: number): boolean {
    const number = this.sites.get(node)?.number ?? 0;
    return number > 0 && this.receipts?.has(message, number) === true;
  }

  /**
   * Sends a body; src must have been attached. The body's bytes need to live no longer than the call. `said` is what
   * the node reports that the message follows from.
   */
  send(src: string, dest: string, body: Buffer, said?: Origin): SendOutcome {
    const to = this.sites.get(dest);
    if (to === undefined) return 'unknown-dest';
    const from = this.sites.get(src);
    if (from === undefined) throw new Error(`Network.send: ${src} was never attached`);
    return this.dispatch(this.packet(from, from.name, to.name, body, said), from, to);
  }

  /**
   * Sends like `send` from that node, but with a client as `src`. The message uses the node's links, with their faults.
   */
  forward(node: string, client: string, dest: string, body: Buffer, said?: Origin): SendOutcome {
    const to = this.sites.get(dest);
    if (to === undefined) return 'unknown-dest';
    const from = this.sites.get(node);
    if (from === undefined) throw new Error(`Network.forward: ${node} was never attached`);
    return this.dispatch(this.packet(from, client, to.name, body, said), from, to);
  }

  private packet(from: Site, src: string, dest: string, body: Buffer, said: Origin | undefined): Packet {
    const { causes } = this.options;
    if (causes === undefined) return { id: this.nextId, src, dest, body, origin: this.originOf(from, said) };
    return { id: this.nextId, src, dest, body, cause: causes.ofMessage(dest) };
  }

  /**
   * Returns the origin that a node reports. Once any node has reported one, messages of services follow from what they
   * are handling, and those of clients from nothing.
   */
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
    this.lastSent = packet;
    if (from.held !== undefined && to.kind === 'node' && from !== to && isRequest(packet.body))
      this.release(from.name);
    const withClient = from.kind === 'client' || to.kind === 'client';
    if (to.kind === 'service') from.lastService = to.name;
    this.stats.sent(withClient);
    this.options.journal.sent(this.options.clock.nowNanos(), packet);
    this.options.onSend?.(packet);
    this.countSent(from, to);
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

  /** Sends a JSON value; for endpoints within this process. */
  sendJson(src: string, dest: string, body: Json): SendOutcome {
    return this.send(src, dest, Buffer.from(stringifyJson(body)));
  }

  /** Stops sending and delivering. Does not close the journal. */
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

  /**
   * Routes a message with an explicit fate. Unless it is spared, rules still apply when it arrives: a partition loses
   * it.
   */
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

  /** Delivers the message after that time. */
  private waitFor(nanos: number, packet: Packet, from: Site, to: Site, isSpared = false): void {
    if (nanos <= 0) return this.arrive(packet, from, to, isSpared);
    const bytes = packet.body.length + OVERHEAD_BYTES;
    if (this.inFlightBytes + bytes > this.maxInFlightBytes) return this.drop(packet, 'too much in flight');
    this.inFlightBytes += bytes;
    // A node's bytes are in its read buffer, which is reused.
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
    this.countReceived(from, to, nowNanos);
    this.options.journal.received(nowNanos, packet);
    this.options.onReceive?.(packet);
    const { causes } = this.options;
    // A node only queues the message: its turn comes later.
    if (to.kind === 'node') {
      this.receipts?.note(packet.id, to.number);
      return endpoint.deliver(packet);
    }
    if (causes === undefined || packet.cause === undefined) return this.deliverHandled(packet, endpoint);
    const { id, hops } = packet.cause;
    const turn = new Turn(id, { message: packet.id, byTimer: false }, hops);
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

  /** Runs for every message, as the next method does: an addition, no allocation. */
  private countSent({ activity: sender }: Site, { activity: receiver }: Site): void {
    if (sender === undefined || receiver === undefined || sender === receiver) return;
    this.activityMeter.advance(this.options.clock.nowNanos());
    sender.withNodes++;
  }

  private countReceived(from: Site, to: Site, nowNanos: number): void {
    const sender = from.activity;
    if (sender === undefined || from === to) return;
    this.activityMeter.advance(nowNanos);
    if (to.activity !== undefined) to.activity.withNodes++;
    else if (to.kind === 'client') sender.toClients++;
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

/** Returns a copy with its own cause, so that its fate is drawn separately. */
function copyOf(packet: Packet, number: number): Packet {
  const { cause } = packet;
  return cause === undefined
    ? packet
    : { ...packet, cause: { ...cause, id: causeOf(cause.id, 'copy', number) } };
}

/** Makes a rule that draws for each message apply only past the turning point. */
const onlyPast = (point: TurningPoint, rule: Rule): Rule => ({
  ...rule,
  onSend: (packet, nowNanos) => (point.isPast ? (rule.onSend?.(packet, nowNanos) ?? PASS) : PASS),
});

/** Returns the packet as rules see it: a message that a node sent in a client's name uses the node's links. */
function onItsWay(packet: Packet, from: Site): Packet {
  return packet.src === from.name ? packet : { ...packet, src: from.name };
}

/** Whether a body seems to expect a reply. */
function isRequest(body: Buffer): boolean {
  return /"msg_id"\s*:\s*-?\d/.test(body.toString('latin1'));
}
