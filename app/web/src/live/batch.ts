/** Collect what comes in, and hand it over at most once every `intervalMs`; the first at once. */
export function batched<T>(intervalMs: number, handOver: (collected: T[]) => void): (one: T) => void {
  let collected: T[] = [];
  let isWaiting = false;

  function flush(): void {
    isWaiting = collected.length > 0;
    if (!isWaiting) return;
    const ready = collected;
    collected = [];
    setTimeout(flush, intervalMs);
    handOver(ready);
  }

  return (one) => {
    collected.push(one);
    if (isWaiting) return;
    isWaiting = true;
    queueMicrotask(flush);
  };
}
