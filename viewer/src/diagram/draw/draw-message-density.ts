/** For too many messages to draw as arrows: each lane's line is as thick as what its endpoint sends, with losses below it. */
import { present } from '../../../../src/columns/present.ts';
import { laneHeight, laneY, type MessagePicture } from '../shapes/message-lanes.ts';
import { xOf, type Surface } from '../surface.ts';

export function drawMessageDensity(surface: Surface, picture: MessagePicture): void {
  const { context, palette } = surface;
  const { data, isMarking } = picture;
  const { density } = data;
  if (density === undefined) return;
  const step = (data.to - data.from) / density.buckets;
  const most = Math.max(1, ...density.lanes.map(({ sent }) => Math.max(...sent)));
  const wide = Math.max(1, xOf(surface, data.from + step) - xOf(surface, data.from) - 0.25);
  for (const { lane, sent, lost } of density.lanes) {
    const y = laneY(picture, lane);
    if (y < -40 || y > 4000) continue;
    const room = laneHeight(picture, lane) * 0.86;
    const tallOf = (count: number): number => Math.max(1.5, Math.sqrt(count / most) * room);
    context.globalAlpha = isMarking ? 0.25 : 0.8;
    const { kind } = present(data.lanes[lane]);
    context.fillStyle = palette[kind === 'node' ? 'server' : kind];
    for (const [bucket, count] of sent.entries()) {
      if (count === 0) continue;
      const tall = tallOf(count);
      context.fillRect(xOf(surface, data.from + bucket * step), y - tall / 2, wide, tall);
    }
    context.fillStyle = palette.lost;
    context.globalAlpha = isMarking ? 0.4 : 1;
    for (const [bucket, count] of lost.entries()) {
      if (count === 0) continue;
      const all = present(sent[bucket]);
      const tall = (count / all) * tallOf(all);
      context.fillRect(xOf(surface, data.from + bucket * step), y + tallOf(all) / 2 - tall, wide, tall);
    }
  }
  context.globalAlpha = 1;
}
