import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { Samples, type Sample } from "./samples";

const MIN_SECONDS = 30; // so that the first seconds are no zigzag across the whole screen
const COMPACT = new Intl.NumberFormat(undefined, { notation: "compact" });
const FONT = "11px system-ui, sans-serif";

/**
 * A line of tickets a second on a canvas, in the page's colours and as wide as its host, which has `data-measuring`
 * until there is a line.
 */
export class Plot {
  readonly #samples = new Samples();
  readonly #plot: uPlot;
  readonly #resized: ResizeObserver;
  readonly #host: HTMLElement;

  constructor(host: HTMLElement) {
    this.#host = host;
    host.toggleAttribute("data-measuring", true);
    this.#plot = new uPlot(options(host), this.#samples.columns, host);
    this.#resized = new ResizeObserver(() => {
      this.#plot.setSize({ width: host.clientWidth, height: host.clientHeight });
    });
    this.#resized.observe(host);
  }

  add(sample: Sample): void {
    if (this.#samples.add(sample)) this.#plot.setData(this.#samples.columns);
    this.#host.toggleAttribute("data-measuring", !this.#samples.isLine);
  }

  redraw(): void {
    this.#plot.redraw();
  }

  destroy(): void {
    this.#resized.disconnect();
    this.#plot.destroy();
  }
}

function options(host: HTMLElement): uPlot.Options {
  const colour = (name: string) => () => resolved(host, name);
  const axis = { font: FONT, stroke: colour("--quiet"), ticks: { show: false } };
  return {
    width: host.clientWidth,
    height: host.clientHeight,
    cursor: { show: false },
    legend: { show: false },
    padding: [8, 8, 0, 0],
    scales: {
      x: { range: (_, first, last) => [first, Math.max(last, first + MIN_SECONDS)] },
      y: { range: (_, __, most) => [0, Math.max(most * 1.1, 1)] },
    },
    series: [
      {},
      { stroke: colour("--accent"), width: 1.5, fill: colour("--chosen"), points: { show: false } },
    ],
    axes: [
      { ...axis, size: 22, space: 80, grid: { show: false }, values: "{HH}:{mm}:{ss}" },
      {
        ...axis,
        size: 44,
        space: 30,
        grid: { stroke: colour("--line"), width: 1 },
        values: (_, ticks) => ticks.map((tick) => COMPACT.format(tick)),
      },
    ],
  };
}

/** Return a colour of the page's as canvas takes it: `light-dark()` means nothing there. */
function resolved(host: HTMLElement, name: string): string {
  host.style.color = `var(${name})`;
  return getComputedStyle(host).color;
}
