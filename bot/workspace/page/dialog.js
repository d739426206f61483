// A dialog inside one person's client: the rest of that client rests, Tab goes round inside, Escape closes.
import { h, icon, uid } from "./dom.js";

const FOCUSABLE = 'a[href], button:not([disabled]), input:not([disabled]), textarea:not([disabled]), select, [tabindex="0"]';
export const focusables = (root) => [...root.querySelectorAll(FOCUSABLE)].filter((node) => node.offsetParent !== null);

/** Wrap content as a dialog. onEscape is called for Escape and for the close button. */
export function dialog({ title, titleIcon, onClose, wide = false }) {
  const id = uid("dialog");
  const close = h("button.icon-button", { type: "button", "aria-label": "Close", onclick: onClose }, icon("close"));
  const head = h("header.dialog-head", {}, titleIcon || null, h("h2", { id, tabindex: -1 }, title), close);
  const body = h("div.dialog-body");
  const foot = h("footer.dialog-foot");
  const box = h(`div.dialog${wide ? ".wide" : ""}`, { role: "dialog", tabindex: -1, "aria-modal": "true", "aria-labelledby": id }, head, body, foot);
  const shade = h("div.shade", {}, box);
  // A click beside the dialog must not take the focus out of it: Escape would go nowhere.
  shade.addEventListener("pointerdown", (event) => event.target === shade && event.preventDefault());
  shade.addEventListener("mousedown", (event) => event.target === shade && event.preventDefault());
  shade.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      onClose();
    } else if (event.key === "Tab") cycle(event, box);
  });
  return { shade, box, head, body, foot };
}

function cycle(event, box) {
  const all = focusables(box);
  if (!all.length) return;
  const [first, last] = [all[0], all[all.length - 1]];
  const at = document.activeElement;
  if (event.shiftKey && (at === first || !all.includes(at))) last.focus();
  else if (!event.shiftKey && at === last) first.focus();
  else return;
  event.preventDefault();
}

/** Focus the first field, or the first button of the foot. */
export function focusFirst({ body, foot, head }) {
  const target = body.querySelector("[data-autofocus]") || focusables(body)[0] || focusables(foot).at(-1) || head.querySelector("h2");
  target?.focus({ preventScroll: true });
}

/** Slack's confirm object as a question; resolves true or false. */
export function confirmDialog(layer, { title, text, confirm, deny, danger }) {
  return new Promise((resolve) => {
    const before = document.activeElement;
    const done = (answer) => {
      parts.shade.remove();
      before?.focus?.({ preventScroll: true });
      resolve(answer);
    };
    const parts = dialog({ title, onClose: () => done(false) });
    parts.box.classList.add("small");
    parts.body.append(h("div.confirm-text", {}, text));
    const yes = h(`button.button.${danger ? "danger" : "primary"}`, { type: "button", onclick: () => done(true) }, confirm);
    parts.foot.append(h("button.button", { type: "button", onclick: () => done(false) }, deny), yes);
    layer.append(parts.shade);
    yes.focus();
  });
}
