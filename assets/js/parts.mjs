// The few parts the studio is put together from: buttons, lists, things to do once a frame.
import { icon } from "./icons.mjs";
import { make } from "./make.mjs";

// A button for `act`; `key` is told in its title.
export function button({ name, picture = name, title, key = "", text = "", act }) {
  const label = key ? `${title} (${key})` : title;
  const made = make("button", { type: "button", className: "tool", title: label, "aria-label": label });
  made.dataset.do = name;
  if (picture) made.append(icon(picture));
  if (text) made.append(make("span", {}, text));
  made.addEventListener("click", (event) => {
    if (event.detail > 0) made.blur(); // a mouse leaves the keys to the studio
    act(event);
  });
  return made;
}

export function select(label, change) {
  const made = make("select", { "aria-label": label, title: label });
  let mouse = false;
  made.addEventListener("pointerdown", () => (mouse = true));
  made.addEventListener("keydown", () => (mouse = false));
  made.addEventListener("change", () => {
    change(made.value);
    if (mouse) made.blur();
  });
  return made;
}

// Options and value of a <select>, touched only where they differ: an open list must not close.
export function offer(list, options, value) {
  const mark = JSON.stringify(options);
  if (list.dataset.options !== mark) {
    list.dataset.options = mark;
    list.replaceChildren(...options.map(([key, text]) => new Option(text, key)));
  }
  if (list.value !== String(value)) list.value = String(value);
}

export function write(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

// `act` in the next frame of the screen, however often it is asked for until then.
export function soon(act) {
  let waiting = 0;
  const ask = () => {
    if (!waiting) {
      waiting = requestAnimationFrame(() => {
        waiting = 0;
        act();
      });
    }
  };
  ask.cancel = () => {
    cancelAnimationFrame(waiting);
    waiting = 0;
  };
  return ask;
}

export const clamp = (value, least, most) => Math.min(most, Math.max(least, value));
