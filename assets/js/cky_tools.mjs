// The bar above the chart: play, steps, the slider, what is lit, size, and pictures to take home.
import { ZOOMS } from "./cky_draw.mjs";
import { icon } from "./icons.mjs";
import { make } from "./make.mjs";

const PACES = [1, 2, 5, 10, 20, 60]; // steps a second

// act: play(), by(±1), to(step), end(), set(change), png(), svg()
export function tools(settings, act) {
  const button = (name, title, click, ...inside) => {
    const made = make("button", { type: "button", title, "aria-label": title, onclick: click }, ...inside);
    made.dataset.do = name;
    return made;
  };
  const turned = (name) => {
    const picture = icon(name);
    picture.style.transform = "scaleX(-1)";
    return picture;
  };
  const play = button("play", "Play", act.play, icon("play"));
  const back = button("back", "One step back", () => act.by(-1), turned("step"));
  const next = button("next", "One step forward", () => act.by(1), icon("step"));
  const first = button("first", "Empty the chart", () => act.to(0), turned("epoch"));
  const last = button("last", "Fill the chart", () => act.end(), icon("epoch"));
  const slider = make("input", { type: "range", min: 0, value: 0, step: 1, "aria-label": "Step of the chart" });
  slider.dataset.do = "scrub";
  slider.addEventListener("input", () => act.to(Number(slider.value)));
  slider.addEventListener("change", () => act.rest());
  const option = (value, text) => make("option", { value }, text);
  const unit = make("select", { "aria-label": "What a step is", onchange: () => act.set({ unit: unit.value }) }, option("split", "a split a step"), option("cell", "a cell a step"));
  const pace = make("select", { "aria-label": "Speed", onchange: () => act.set({ pace: Number(pace.value) }) }, ...PACES.map((k) => option(`${k}`, `${k} a second`)));
  const tree = button("tree", "Light the cells of the tree", () => act.set({ tree: !settings.tree }), "Tree");
  const zoom = (by) => act.set({ zoom: ZOOMS[Math.max(0, Math.min(ZOOMS.length - 1, ZOOMS.indexOf(settings.zoom) + by))] });
  const away = button("away", "Smaller", () => zoom(-1), "−");
  const closer = button("closer", "Larger", () => zoom(1), "+");
  const says = make("div", { className: "says" });
  const bar = make("div", { className: "tools", role: "toolbar", "aria-label": "The chart" },
    make("span", { className: "group joined" }, first, back, play, next, last), unit, pace, tree,
    make("span", { className: "group joined" }, away, closer),
    make("span", { className: "group joined last" }, button("png", "The chart as a picture, PNG", act.png, "PNG"), button("svg", "The chart as a drawing, SVG", act.svg, "SVG")));
  const root = make("div", {}, bar, make("div", { className: "scrub" }, slider), says);
  return {
    root,
    // at of count steps done; `text` says what the last one did.
    show({ at, count, playing, text, down, hasTree }) {
      if (slider.max !== `${count}`) slider.max = `${count}`;
      slider.value = `${at}`;
      slider.style.setProperty("--done", `${count ? (100 * at) / count : 100}%`);
      slider.setAttribute("aria-valuetext", text);
      const name = playing ? "pause" : "play";
      if (play.dataset.shows !== name) {
        play.dataset.shows = name;
        play.replaceChildren(icon(name));
        play.title = playing ? "Pause" : "Play";
        play.setAttribute("aria-label", play.title);
      }
      says.textContent = text;
      says.setAttribute("aria-live", playing ? "off" : "polite");
      back.disabled = first.disabled = at === 0;
      next.disabled = last.disabled = at === count;
      unit.hidden = down;
      unit.value = settings.unit;
      pace.value = `${settings.pace}`;
      tree.hidden = !hasTree;
      tree.setAttribute("aria-pressed", settings.tree);
      away.disabled = settings.zoom === ZOOMS[0];
      closer.disabled = settings.zoom === ZOOMS.at(-1);
    },
  };
}
