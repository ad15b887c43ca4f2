/** The total time for which the clusters of a hunt ran, virtual or real. */

/** Formats it in seconds, minutes or hours. */
export function clusterTime(seconds: number): string {
  if (seconds < 100) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s of cluster time`;
  if (seconds < 6000) return `${Math.round(seconds / 60)} min of cluster time`;
  return `${(seconds / 3600).toFixed(1)} h of cluster time`;
}
