// Where the net changes its mind: lines through a grid of numbers, by marching squares
// (Lorensen & Cline 1987, in two dimensions).

// planes (count, side, side), or one for two classes -> lines [x0, y0, x1, y1, ...] in grid cells.
export function boundaries(planes, side) {
  const size = side * side;
  const count = planes.length / size;
  const lines = [];
  if (count === 1) {
    trace(smooth(planes.subarray(0, size), side), side, 127.5, lines);
    return lines;
  }
  const lead = new Float32Array(size);
  // Every border has a class other than the last on one of its sides.
  for (let k = 0; k < count - 1; k++) {
    for (let i = 0; i < size; i++) {
      let rival = 0;
      for (let j = 0; j < count; j++) {
        if (j !== k && planes[j * size + i] > rival) rival = planes[j * size + i];
      }
      lead[i] = planes[k * size + i] - rival;
    }
    trace(smooth(lead, side), side, 0.001, lines);
  }
  return lines;
}

// Mean of neighbours, weights 1 2 1 both ways: 256 levels alone would make stairs of a gentle slope.
function smooth(values, side) {
  const across = new Float32Array(side * side);
  const out = new Float32Array(side * side);
  for (let row = 0, i = 0; row < side; row++) {
    for (let column = 0; column < side; column++, i++) {
      const left = values[column ? i - 1 : i];
      const right = values[column < side - 1 ? i + 1 : i];
      across[i] = (left + 2 * values[i] + right) / 4;
    }
  }
  for (let row = 0, i = 0; row < side; row++) {
    for (let column = 0; column < side; column++, i++) {
      const above = across[row ? i - side : i];
      const below = across[row < side - 1 ? i + side : i];
      out[i] = (above + 2 * across[i] + below) / 4;
    }
  }
  return out;
}

function trace(values, side, level, lines) {
  for (let row = 0; row < side - 1; row++) {
    for (let column = 0; column < side - 1; column++) {
      const at = row * side + column;
      const [a, b] = [values[at] - level, values[at + 1] - level];
      const [d, c] = [values[at + side] - level, values[at + side + 1] - level];
      const kind = (a > 0) | ((b > 0) << 1) | ((c > 0) << 2) | ((d > 0) << 3);
      if (kind === 0 || kind === 15) continue;
      const top = [column + a / (a - b), row];
      const right = [column + 1, row + b / (b - c)];
      const bottom = [column + d / (d - c), row + 1];
      const left = [column, row + a / (a - d)];
      const middle = a + b + c + d > 0;
      if (kind === 5 || kind === 10) {
        // A saddle: the middle decides which corners belong together.
        const apart = (kind === 5) === middle;
        lines.push(...top, ...(apart ? right : left), ...bottom, ...(apart ? left : right));
      } else {
        const cut = [];
        if (a > 0 !== b > 0) cut.push(...top);
        if (b > 0 !== c > 0) cut.push(...right);
        if (c > 0 !== d > 0) cut.push(...bottom);
        if (d > 0 !== a > 0) cut.push(...left);
        lines.push(...cut);
      }
    }
  }
}
