const RADIUS = 12;
const LENGTH = 2 * Math.PI * RADIUS;

let usual: string | undefined;

/** Let the tab's icon show a ring that closes as a job proceeds; null brings the usual icon back. */
export function showProgress(progress: number | null): void {
  const link = document.querySelector<HTMLLinkElement>("link[rel=icon]");
  if (!link) return;
  usual ??= link.href;
  link.href = progress === null ? usual : `data:image/svg+xml,${encodeURIComponent(ring(progress))}`;
}

function ring(progress: number): string {
  const circle = `<circle cx="16" cy="16" r="${RADIUS}" fill="none" stroke-width="7"`;
  const done = (LENGTH * progress) / 100;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${circle} stroke="#9ea6b1"/>` +
    `${circle} stroke="#4169d6" stroke-dasharray="${done.toFixed(1)} ${LENGTH.toFixed(1)}" transform="rotate(-90 16 16)"/></svg>`
  );
}
