// Steps of the chart: what one did, and which is the next.
import { DOWN } from "./cky_data.mjs";

// In words.
export function told({ at, count, steps, chart, data }) {
  const down = DOWN[data.values];
  if (!at) return `0 of ${count.toLocaleString("en")} steps: nothing is filled yet`;
  if (at === count) {
    const products = data.whole ? Array.from({ length: chart.count }, (_, c) => chart.cell(c).tried).reduce((a, b) => a + b, 0) : null;
    return `${chart.count.toLocaleString("en")} cells filled${products === null ? "" : `, ${products.toLocaleString("en")} products made`}`;
  }
  const step = `${at.toLocaleString("en")} of ${count.toLocaleString("en")}`;
  const { i, j } = chart.cell(steps.cell[at - 1]);
  const s = steps.split[at - 1];
  const words = (a, b) => (a === b ? `word ${a + 1}` : `words ${a + 1} to ${b + 1}`);
  if (down || s < 0) return `${step}: ${words(i, j)}${i === j ? `, ${data.words[i]}` : ""}`;
  return `${step}: ${words(i, j)} from ${words(i, s)} and ${words(s + 1, j)}`;
}

// The step after so many cells or splits.
export function along({ at, count, steps, settings }, way) {
  let next = at + way;
  if (settings.unit === "cell") {
    const cell = steps.cell;
    if (way > 0) while (next < count && cell[next] === cell[next - 1]) next++;
    else while (next > 0 && cell[next] === cell[next - 1]) next--;
  }
  return Math.max(0, Math.min(count, next));
}
