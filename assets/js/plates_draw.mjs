// The diagram of one model: made once, then lit draw by draw.
import { node } from "./reader_ink.mjs";
import { SIGNS, STORIES } from "./plates_story.mjs";

const RADIUS = 21;
const [BARS, TALL] = [8, 26]; // below θ: its largest shares, pixels
const LETTERS = 13; // of a word below its circle

export function diagram(kind, explain) {
  const story = STORIES[kind];
  const svg = node("svg", { viewBox: "0 0 400 206", role: "group", "aria-label": `${story.title} as plates`, class: "diagram" });
  for (const { x, y, w, h, sign } of story.plates) {
    const title = node("title", {});
    title.textContent = SIGNS[sign];
    svg.append(node("g", { class: "plate" }, title, node("rect", { x, y, width: w, height: h, rx: 7 }), written(sign, x + w - 8, y + h - 7, "sign")));
  }
  const at = Object.fromEntries(story.nodes.map((one) => [one.name, one]));
  const edges = story.edges.map(([from, to]) => {
    const line = node("g", { class: "edge" }, ...arrow(at[from], at[to]).map((d) => node("path", { d })));
    svg.append(line);
    return { to, line };
  });
  const nodes = story.nodes.map((one) => {
    const circle = node("circle", { cx: one.x, cy: one.y, r: RADIUS });
    const value = written("", one.x, one.y + RADIUS + 15, "value");
    const name = written(one.name, one.x, one.y + 5, one.name.length > 1 ? "letter long" : "letter");
    const bars = node("g", { class: "mini" });
    const group = node("g", { class: `node ${one.level}${one.seen ? " seen" : ""}`, tabindex: 0, role: "button", "aria-label": one.says }, circle, name, value, bars);
    group.addEventListener("click", () => explain(one.says));
    group.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.stopPropagation();
      explain(one.says);
    });
    svg.append(group);
    return { ...one, group, circle, value, bars };
  });
  return { kind, svg, nodes, edges };
}

// Lights what `last`, the newest draw, has drawn; `values` are those of the circles so far, by what was drawn.
export function light(drawn, last, values) {
  for (const { draws, group, circle, value, bars } of drawn.nodes) {
    const told = draws ? values[draws] : undefined;
    group.classList.toggle("known", told !== undefined);
    group.classList.toggle("lit", Boolean(draws) && last?.[0] === draws);
    circle.style.fill = told?.colour ?? "";
    group.classList.toggle("inked", Boolean(told?.colour));
    value.textContent = cut(told?.text ?? "");
    if (told?.shares) mini(bars, circle, told.shares);
    else bars.replaceChildren();
  }
  const lit = drawn.nodes.find(({ group }) => group.classList.contains("lit"))?.name;
  for (const { to, line } of drawn.edges) line.classList.toggle("lit", to === lit);
}

function mini(group, circle, shares) {
  const [x, y] = [Number(circle.getAttribute("cx")), Number(circle.getAttribute("cy")) + RADIUS + 8];
  const some = shares.slice(0, BARS);
  const most = Math.max(...some.map(({ p }) => p), 1e-9);
  const wide = 7;
  group.replaceChildren(...some.map(({ p, colour }, k) => {
    const tall = Math.max(0.8, (TALL * p) / most);
    return node("rect", { x: x + (k - some.length / 2) * wide + 0.5, y: y + TALL - tall, width: wide - 1, height: tall, fill: colour });
  }));
}

// The line and its head.
function arrow(a, b) {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const long = Math.hypot(dx, dy);
  const [u, v] = [dx / long, dy / long];
  const [x, y] = [b.x - u * (RADIUS + 3), b.y - v * (RADIUS + 3)];
  const wing = (side) => `${x - u * 8 - side * v * 4.5} ${y - v * 8 + side * u * 4.5}`;
  return [`M${a.x + u * (RADIUS + 1)} ${a.y + v * (RADIUS + 1)}L${x} ${y}`, `M${wing(1)}L${x} ${y}L${wing(-1)}`];
}

function written(text, x, y, name) {
  const made = node("text", { x, y, class: name });
  made.textContent = text;
  return made;
}

function cut(text) {
  const signs = [...text];
  return signs.length > LETTERS ? `${signs.slice(0, LETTERS - 1).join("")}…` : text;
}
