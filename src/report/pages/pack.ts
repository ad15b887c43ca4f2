/**
 * Data within a page, packed: deflated, as base64. Small, and whatever a node wrote cannot be markup there. The page
 * unpacks it with the browser's own `DecompressionStream` (viewer/src/source/packed-run.ts).
 */
import { deflateRawSync } from 'node:zlib';

/** One more takes twice the time for 4 % fewer bytes. */
const LEVEL = 5;

/** An element that holds the bytes, found by its id. */
export function packedBytes(id: string, bytes: Uint8Array): string {
  const packed = deflateRawSync(bytes, { level: LEVEL }).toString('base64');
  return `<script type="application/octet-stream" id="${id}">${packed}</script>`;
}
