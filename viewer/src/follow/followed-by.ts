/** The message whose request a mark follows; undefined for other marks, which show what a message caused or what led to it. */
export const followedBy = (mark: string): number | undefined =>
  mark.startsWith('way:') ? Number(mark.slice('way:'.length)) : undefined;
