// A number in place: Enter sets it, Escape puts back what was, up and down nudge it at once.
import { make } from "./make.mjs";

export function create(host) {
  const text = make("span");
  const input = make("input", { type: "number", step: "any", "data-do": "value" });
  const form = make("form", { className: "edit", hidden: true, noValidate: true }, text, input);
  host.append(form);
  let job = null;

  const close = (refocus) => {
    if (!job) return;
    const { after } = job;
    job = null;
    form.hidden = true;
    after(refocus);
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const value = input.valueAsNumber;
    const wrong = !Number.isFinite(value);
    input.setAttribute("aria-invalid", wrong);
    if (wrong) return;
    job.set(value);
    close(true);
  });
  input.addEventListener("keydown", (event) => {
    event.stopPropagation();
    const way = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (way) {
      event.preventDefault();
      const step = event.shiftKey ? 1 : event.altKey ? 0.01 : 0.1;
      const value = Number(((input.valueAsNumber || 0) + way * step).toFixed(6));
      input.value = value;
      job.nudged = true;
      job.set(value);
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (job.nudged) job.set(job.value);
      close(true);
    }
  });
  input.addEventListener("blur", () => close(false));

  // { x, y } in the host, label, value now, set(value), after(refocus) when closed.
  const open = ({ x, y, label, value, set, after }) => {
    close(false);
    job = { value, set, after };
    text.textContent = label;
    input.value = Number(value.toFixed(4));
    input.setAttribute("aria-label", label);
    input.removeAttribute("aria-invalid");
    form.hidden = false;
    const most = host.scrollWidth - form.offsetWidth - 4;
    form.style.left = `${Math.max(4, Math.min(most, x - form.offsetWidth / 2))}px`;
    form.style.top = `${Math.max(2, y - form.offsetHeight / 2)}px`;
    input.focus({ preventScroll: true });
    input.select();
  };
  return { open, close };
}
