/** Renders pictures as PNGs with the bundled fonts, so that the result is the same on every machine. */
import { accessSync } from 'node:fs';
import { join } from 'node:path';
import { Resvg } from '@resvg/resvg-js';
import { svgFile, type Picture } from './svg.ts';

export const FONT_FILES = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'] as const;

/** For high-density screens. */
const ZOOM = 1.5;

export function pictureToPng(picture: Picture, fontFolder: string): Uint8Array {
  const fontFiles = FONT_FILES.map((file) => join(fontFolder, file));
  // With missing fonts, text would be omitted silently.
  for (const file of fontFiles) accessSync(file);
  const renderer = new Resvg(svgFile(picture, 'light'), {
    font: { loadSystemFonts: false, fontFiles, defaultFontFamily: 'DejaVu Sans' },
    fitTo: { mode: 'zoom', value: ZOOM },
  });
  return renderer.render().asPng();
}
