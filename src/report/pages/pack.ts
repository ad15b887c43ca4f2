/**
 * Data packed within a page: deflated, as base64. This is small, and nothing that a node wrote can act as markup. The
 * page unpacks it with the browser's own `DecompressionStream` (viewer/src/source/packed-run.ts).
 */
import { deflateRawSync } from 'node:zlib';

/** One level more takes twice the time for 4 % fewer bytes. */
const LEVEL = 5;

/** Returns an element with the packed bytes, to be found by its id. */
export function packedBytes(id: string, bytes: Uint8Array): string {
  const packed = deflateRawSync(bytes, { level: LEVEL }).toString('base64');
  return `<script type="application/octet-stream" id="${id}">${packed}</script>`;
}
