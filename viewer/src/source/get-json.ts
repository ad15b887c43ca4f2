/** Asks the server. */

/** Returns the answer, whose shape recording/views.ts defines. Rejects with the server's error text if the request fails. */
export async function get<T>(url: string): Promise<T> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(await problemOf(response));
  return (await response.json()) as T;
}

export async function problemOf(response: Response): Promise<string> {
  try {
    const { error } = (await response.json()) as { error?: string };
    return error ?? `The server answered ${response.status}.`;
  } catch {
    return `The server answered ${response.status}.`;
  }
}
