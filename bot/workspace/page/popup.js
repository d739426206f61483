// Things that float: menus (arrow keys, Escape), and the placing of any popup next to the control that opened it.
import { add, h, icon } from "./dom.js";

/** Put a popup into the page, next to its anchor, inside the window. Returns close(). */
export function float(popup, anchor, onClose = () => {}) {
  popup.classList.add("popup");
  (document.querySelector("main") || document.body).append(popup);
  place(popup, anchor);
  const outside = (event) => {
    if (!popup.contains(event.target) && !anchor.contains(event.target)) close(false);
  };
  const moved = (event) => {
    if (!popup.contains(event.target)) close(false);
  };
  let open = true;
  function close(refocus = true) {
    if (!open) return;
    open = false;
    document.removeEventListener("pointerdown", outside, true);
    removeEventListener("resize", moved);
    document.removeEventListener("wheel", moved, true);
    popup.remove();
    if (refocus) anchor.focus({ preventScroll: true });
    onClose();
  }
  document.addEventListener("pointerdown", outside, true);
  addEventListener("resize", moved);
  document.addEventListener("wheel", moved, { capture: true, passive: true });
  return close;
}

export function place(popup, anchor) {
  const box = anchor.getBoundingClientRect();
  popup.style.minWidth = `${Math.min(Math.max(box.width, 160), 420)}px`;
  const { offsetWidth: width, offsetHeight: height } = popup;
  const below = innerHeight - box.bottom - 8;
  const top = below >= height || below >= box.top ? box.bottom + 4 : box.top - height - 4;
  popup.style.left = `${Math.max(8, Math.min(box.left, innerWidth - width - 8))}px`;
  popup.style.top = `${Math.max(8, Math.min(top, innerHeight - height - 8))}px`;
}

/** items: [{label (string or nodes), icon?, danger?, hint?, href?, run()} | null for a line]. */
export function menu(anchor, items, label) {
  const rows = items.map((item) => (item ? row(item, () => close(true)) : h("hr", { role: "separator" })));
  const box = h("div.menu", { role: "menu", "aria-label": label }, rows);
  anchor.setAttribute("aria-expanded", "true");
  const close = float(box, anchor, () => anchor.setAttribute("aria-expanded", "false"));
  const options = rows.filter((node) => node.tagName !== "HR");
  box.addEventListener("keydown", (event) => {
    const at = options.indexOf(document.activeElement);
    const to = step(event.key, at, options.length);
    if (to !== null) {
      event.preventDefault();
      options[to].focus();
    } else if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      event.stopPropagation();
      close(true);
    }
  });
  options[0]?.focus();
  return close;
}

function row(item, close) {
  const props = {
    role: "menuitem",
    tabindex: -1,
    onclick: () => {
      close();
      item.run?.();
    },
  };
  const node = item.href
    ? h("a.menu-item", { ...props, href: item.href, target: "_blank", rel: "noopener noreferrer" })
    : h("button.menu-item", { ...props, type: "button" });
  if (item.danger) node.classList.add("danger");
  return add(node, [item.icon ? icon(item.icon) : null, h("span", {}, item.label), item.hint ? h("small", {}, item.hint) : null]);
}

/** Where an arrow key leads in a list of n; null for other keys. */
export function step(key, at, n) {
  if (!n) return null;
  if (key === "ArrowDown") return (at + 1) % n;
  if (key === "ArrowUp") return (at - 1 + n) % n;
  if (key === "Home") return 0;
  return key === "End" ? n - 1 : null;
}
