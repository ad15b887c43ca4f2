/** Text around a picture: its title, and why it is empty. */
import { TITLE } from '../layout.ts';
import { BOLD, FONT } from '../palette.ts';
import { GUTTER, type Box, type Surface } from '../surface.ts';

export function drawTitle({ context, palette }: Surface, { top }: Box, text: string, more: string): void {
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  context.font = BOLD;
  context.fillStyle = palette.text;
  context.fillText(text, 8, top - TITLE / 2 + 1);
  const after = GUTTER + 2;
  context.font = FONT;
  context.fillStyle = palette.faint;
  context.fillText(more, after, top - TITLE / 2 + 1);
}

export function drawNotice({ context, palette, width }: Surface, { top, height }: Box, text: string): void {
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillStyle = palette.faint;
  context.fillText(text, GUTTER + (width - GUTTER) / 2, top + height / 2);
}
