// The bar above the plates: play, steps, speed, the slider, another document.
import { icon } from "./icons.mjs";
import { make } from "./make.mjs";

export const SPEEDS = [1, 3, 10, 30]; // draws a second

// act: play(), by(±1), to(moment), pace(number), again()
export function tools(pace, act) {
  const button = (title, click, ...inside) => make("button", { type: "button", title, "aria-label": title, onclick: click }, ...inside);
  const turned = (name) => {
    const picture = icon(name);
    picture.style.transform = "scaleX(-1)";
    return picture;
  };
  const play = button("Play", act.play, icon("play"));
  play.className = "play";
  const back = button("One draw back", () => act.by(-1), turned("step"));
  const next = button("One draw", () => act.by(1), icon("step"));
  const first = button("To the beginning", () => act.to(0), turned("epoch"));
  const last = button("To the end", () => act.to(Infinity), icon("epoch"));
  const speed = make("select", { "aria-label": "Speed", onchange: () => act.pace(Number(speed.value)) }, ...SPEEDS.map((k) => make("option", { value: `${k}` }, `${k} a second`)));
  speed.value = `${pace}`;
  const again = button("Another document", act.again, icon("fresh"), "Another document");
  again.className = "again";
  const slider = make("input", { type: "range", min: 0, value: 0, step: 1, "aria-label": "Draws done" });
  slider.addEventListener("input", () => act.to(Number(slider.value)));
  const says = make("div", { className: "says" });
  const root = make("div", { className: "tools" },
    make("div", { className: "row", role: "toolbar", "aria-label": "The story" }, play, make("span", { className: "joined" }, first, back, next, last), speed, again),
    slider, says);
  return {
    root,
    show({ at, count, playing, text }) {
      slider.max = `${count}`;
      slider.value = `${at}`;
      slider.setAttribute("aria-valuetext", text);
      const name = playing ? "pause" : "play";
      if (play.dataset.shows !== name) {
        play.dataset.shows = name;
        play.replaceChildren(icon(name), playing ? "Pause" : "Play");
        play.title = playing ? "Pause" : "Play";
        play.setAttribute("aria-label", play.title);
      }
      says.textContent = text;
      says.setAttribute("aria-live", playing ? "off" : "polite");
      back.disabled = first.disabled = at === 0;
      next.disabled = last.disabled = at === count;
    },
  };
}
