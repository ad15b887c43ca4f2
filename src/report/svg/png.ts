/** Pictures as PNGs, drawn with the fonts that come along, so that every machine makes the same. */
import { accessSync } from 'node:fs';
import { join } from 'node:path';
import { Resvg } from '@resvg/resvg-js';
import { svgFile, type Picture } from './svg.ts';

/** Files within the folder of fonts. */
export const FONT_FILES = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'] as const;

/** For screens of high density. */
const ZOOM = 1.5;

export function pictureToPng(picture: Picture, fontFolder: string): Uint8Array {
  const fontFiles = FONT_FILES.map((file) => join(fontFolder, file));
  // Missing fonts would leave text out without a word.
  for (const file of fontFiles) accessSync(file);
  const renderer = new Resvg(svgFile(picture, 'light'), {
    font: { loadSystemFonts: false, fontFiles, defaultFontFamily: 'DejaVu Sans' },
    fitTo: { mode: 'zoom', value: ZOOM },
  });
  return renderer.render().asPng();
}
