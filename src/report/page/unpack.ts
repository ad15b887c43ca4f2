/** Reads what `pack.ts` put into the page. */

/** The value packed in the element of that id. Rejects in browsers that cannot inflate. */
export async function unpack(id: string): Promise<unknown> {
  const packed = document.getElementById(id)?.textContent ?? '';
  const bytes = Uint8Array.from(atob(packed), (character) => character.charCodeAt(0));
  const inflated = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return JSON.parse(await new Response(inflated).text());
}
