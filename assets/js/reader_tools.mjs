// The bar above the text: how it is laid out, what colours it, how large, and pictures to take home.
import { icon } from "./icons.mjs";
import { make } from "./make.mjs";

export const ZOOMS = [0.5, 0.65, 0.8, 1, 1.25, 1.6, 2];

// `act`: changed() after any setting, play(), all(), png(), svg().
export function tools(settings, act) {
  const set = (change) => {
    Object.assign(settings, change);
    show();
    act.changed(change);
  };
  const button = (name, title, click, ...inside) => {
    const made = make("button", { type: "button", title, "aria-label": title, onclick: click }, ...inside);
    made.dataset.do = name;
    return made;
  };
  const modes = [["wrapped", "Lines"], ["line", "One line"]].map(([mode, words]) => {
    const title = mode === "line" ? "The whole text on one line, with curves" : "Lines as they are in the text";
    return button(mode, title, () => set({ mode }), words);
  });
  const choice = make("select", { onchange: () => set({ colour: choice.value }) });
  const loss = button("loss", "Show what each character cost, in bits", () => set({ strip: !settings.strip }), "Loss");
  const zoom = (by) => set({ zoom: ZOOMS[Math.max(0, Math.min(ZOOMS.length - 1, ZOOMS.indexOf(settings.zoom) + by))] });
  const [closer, away] = [button("closer", "Larger", () => zoom(1), "+"), button("away", "Smaller", () => zoom(-1), "\u2212")];
  const play = button("play", "Pause", act.play);
  const all = button("all", "Show all of it at once", act.all, "Show all");
  const film = make("span", { className: "group", hidden: true }, play, all);
  const colour = make("label", {}, "Colour by ", choice);
  const root = make("div", { className: "tools", role: "toolbar", "aria-label": "How the text is shown" },
    make("span", { className: "group joined" }, ...modes), colour, loss,
    make("span", { className: "group joined" }, away, closer), film,
    make("span", { className: "group joined last" },
      button("png", "This view as a picture, PNG", act.png, "PNG"), button("svg", "The text as a drawing, SVG", act.svg, "SVG")));

  function show() {
    for (const one of modes) one.setAttribute("aria-pressed", one.dataset.do === settings.mode);
    loss.setAttribute("aria-pressed", settings.strip);
    choice.value = settings.colour;
    away.disabled = settings.zoom === ZOOMS[0];
    closer.disabled = settings.zoom === ZOOMS.at(-1);
  }

  return {
    root,
    // Tracks there are, and whether losses are known.
    offer(tracks, hasLoss) {
      const options = tracks.map(({ label, title }, i) => make("option", { value: `${i}` }, `${label}: ${title}`));
      if (hasLoss) options.push(make("option", { value: "loss" }, "loss in bits"));
      choice.replaceChildren(...options);
      colour.hidden = options.length < 1;
      loss.hidden = !hasLoss;
      if (![...choice.options].some(({ value }) => value === settings.colour)) settings.colour = choice.options[0]?.value ?? "0";
      show();
    },
    film(grows, playing, done) {
      film.hidden = !grows;
      const name = playing ? "pause" : "play";
      const title = playing ? "Pause" : done ? "Play again" : "Play";
      play.replaceChildren(icon(name));
      play.title = title;
      play.setAttribute("aria-label", title);
      all.disabled = done;
    },
  };
}
