/** The network of a run: with the latencies and message fates of its spec, and with messages shown if requested. */
import { Network, type NetworkOptions } from '../../network/network.ts';
import { shownText } from '../../protocol/shown-text.ts';
import type { Packet, World } from '../../world/world.ts';
import { applyFates } from '../future-fates.ts';
import type { RunOutputs } from '../run-outputs.ts';
import type { RunTime } from '../run-time.ts';
import { applySteadyConditions } from './steady-conditions.ts';
import type { TestSpec } from '../test-spec.ts';

export interface RunSurroundings {
  readonly world: World;
  readonly outputs: RunOutputs;
  readonly time: RunTime;
  /** Observes all messages. */
  readonly watch?: { sent(packet: Packet): void; received(packet: Packet): void } | undefined;
}

export function makeNetwork(spec: TestSpec, { world, outputs, time, watch }: RunSurroundings): Network {
  const { course, steady = {}, logNetSend, logNetRecv } = spec;
  const { random, turningPoint } = world;
  const show = (what: string) => (packet: Packet) =>
    outputs.log(`${time.label()} ${shownPacket(what, packet)}`);
  const network = new Network({
    clock: world.clock,
    random: random.child('network'),
    causes: world.causes,
    latency: spec.latency,
    isCalm: course?.chance === 'calm',
    exceptions: course?.messages,
    future: futureOf(spec, world),
    journal: outputs.journal,
    ...watching(logNetSend ? show('send') : undefined, watch, logNetRecv ? show('recv') : undefined),
  });
  applySteadyConditions(network, steady, random.child('steady'));
  if (course?.future !== undefined && turningPoint !== undefined)
    applyFates(network, course.future, {
      random: random.child('future'),
      from: turningPoint,
      nowNanos: () => time.nowNanos(),
    });
  return network;
}

function futureOf({ course }: TestSpec, { turningPoint: from }: World): NetworkOptions['future'] {
  return course?.future === undefined || from === undefined
    ? undefined
    : { from, latency: course.future.latency };
}

type See = (packet: Packet) => void;

function watching(
  showSent: See | undefined,
  watch: RunSurroundings['watch'],
  showReceived: See | undefined,
): Pick<NetworkOptions, 'onSend' | 'onReceive'> {
  const both = (show: See | undefined, see: See | undefined): See | undefined =>
    show === undefined || see === undefined ? (show ?? see) : (packet) => (show(packet), see(packet));
  const onSend = both(showSent, watch && ((packet) => watch.sent(packet)));
  const onReceive = both(showReceived, watch && ((packet) => watch.received(packet)));
  return { ...(onSend && { onSend }), ...(onReceive && { onReceive }) };
}

const shownPacket = (what: string, { id, src, dest, body }: Packet): string =>
  `${what} ${id} ${src} -> ${dest} ${shownText(body.toString('utf8'), 2000)}`;
