// Where the units of a network stand: a column a layer, wide layers in blocks of two or four.

const MOST = 46; // css pixels of a unit's map
const LEAST = 12;
const BODY = 330; // css pixels that a column may be high
const LEFT = 46; // room for the names of the inputs
const RIGHT = 74; // and of the classes
const HEAD = 26;
const GAP = [38, 250]; // css pixels between two columns, least and most

const space = (tile) => (tile > 30 ? 9 : tile > 20 ? 5 : 3);

// sizes: [d0, ..., K] -> { width, height, columns: [{ wide, tile, units: [{ x, y, side }] }] }
export function layout(sizes, across) {
  const columns = sizes.map(column);
  const gaps = Math.max(1, columns.length - 1);
  const free = () => across - LEFT - RIGHT - columns.reduce((sum, c) => sum + c.span, 0);
  // First the maps shrink, then the drawing becomes wider than the page and is scrolled.
  while (free() / gaps < GAP[0] && columns.some((c) => c.tile > LEAST)) {
    for (const c of columns) resize(c, Math.max(LEAST, c.tile - 1));
  }
  const gap = Math.min(GAP[1], Math.max(GAP[0], free() / gaps));
  const used = LEFT + RIGHT + columns.reduce((sum, c) => sum + c.span, 0) + gap * gaps;
  const width = Math.max(across, Math.ceil(used));
  const body = Math.max(...columns.map((c) => c.rows * (c.tile + c.space)));
  let x = LEFT + (width - used) / 2;
  for (const c of columns) {
    const top = HEAD + (body - c.rows * (c.tile + c.space) + c.space) / 2;
    c.x = x;
    c.units = Array.from({ length: c.count }, (_, i) => ({
      x: x + (i % c.wide) * (c.tile + c.space),
      y: top + Math.floor(i / c.wide) * (c.tile + c.space),
      side: c.tile,
    }));
    x += c.span + gap;
  }
  return { width, height: HEAD + body + 12, columns };
}

function column(count) {
  const wide = count <= 10 ? 1 : count <= 24 ? 2 : 4;
  const rows = Math.ceil(count / wide);
  const room = Math.floor(BODY / rows);
  const c = { count, wide, rows };
  resize(c, Math.min(MOST, Math.max(LEAST, room - space(room))));
  return c;
}

function resize(c, tile) {
  c.tile = tile;
  c.space = space(tile);
  c.span = c.wide * (tile + c.space) - c.space;
}

// [column, index] of the unit at (x, y), or null.
export function unitAt({ columns }, x, y) {
  for (const [at, { units }] of columns.entries()) {
    const index = units.findIndex(
      (u) => x >= u.x - 1 && x <= u.x + u.side + 1 && y >= u.y - 1 && y <= u.y + u.side + 1,
    );
    if (index >= 0) return [at, index];
  }
  return null;
}

// The next unit from [column, index] in the direction of an arrow key; null where there is none.
export function step({ columns }, [at, index], key) {
  const { wide, count, units } = columns[at];
  const column = index % wide;
  if (key === "ArrowUp") return index - wide >= 0 ? [at, index - wide] : null;
  if (key === "ArrowDown") return index + wide < count ? [at, index + wide] : null;
  if (key === "ArrowRight" && column < wide - 1 && index + 1 < count) return [at, index + 1];
  if (key === "ArrowLeft" && column > 0) return [at, index - 1];
  const to = at + (key === "ArrowRight" ? 1 : -1);
  if (!columns[to]) return null;
  const here = units[index].y + units[index].side / 2;
  const next = columns[to];
  // The nearest in height, in the block's near side.
  let best = 0;
  let least = Infinity;
  for (const [i, u] of next.units.entries()) {
    const edge = key === "ArrowRight" ? i % next.wide : next.wide - 1 - (i % next.wide);
    const far = Math.abs(u.y + u.side / 2 - here) + edge * 1e-3;
    if (far < least) [best, least] = [i, far];
  }
  return [to, best];
}
