// The colours of the moment: Streamlit's, as CSS variables, and the classes' for light or dark.
const pen = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
const known = new Map();

// Any CSS colour as three numbers 0..255.
export function rgb(colour) {
  if (!known.has(colour)) {
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
    known.set(colour, [...pen.getImageData(0, 0, 1, 1).data.slice(0, 3)]);
  }
  return known.get(colour);
}

export function read(root, { colours, diverging }) {
  const style = getComputedStyle(root);
  const of = (name, otherwise) => style.getPropertyValue(`--st-${name}`).trim() || otherwise;
  const background = of("background-color", "#ffffff");
  const [r, g, b] = rgb(background);
  const dark = 0.2126 * r + 0.7152 * g + 0.0722 * b < 128;
  return {
    dark,
    background,
    text: of("text-color", dark ? "#eeeeee" : "#222222"),
    secondary: of("secondary-background-color", dark ? "#222222" : "#f2f2f2"),
    primary: of("primary-color", "#0b6a9f"),
    border: of("border-color", dark ? "#444444" : "#dddddd"),
    font: of("font", "sans-serif"),
    classes: dark ? colours.dark : colours.light,
    diverging,
  };
}
