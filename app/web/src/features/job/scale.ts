const MAX_PX = 15_000_000; // no element is higher than 17.8 million pixels in Firefox, 33.5 million elsewhere

/** Return how high the box is that all rows are scrolled in. */
export function heightOf(totalPx: number): number {
  return Math.min(totalPx, MAX_PX);
}

/** Return how far rows move for each pixel that the box is scrolled, so that the end of both is reached together. */
export function scaleOf(totalPx: number, viewPx: number): number {
  return totalPx <= MAX_PX ? 1 : (totalPx - viewPx) / (MAX_PX - viewPx);
}
