// Small hands for the DOM. Content always becomes text nodes or attributes: nothing in this page parses a string as HTML.

const SPRITE = new URL("./sprite.svg", import.meta.url).href;
const PICTURE = { width: 480, height: 340 };
const SVG = "http://www.w3.org/2000/svg";

/** h("button.primary", {onclick, "aria-label": "Send"}, "Send"): an element with classes, attributes, listeners, children. */
export function h(spec, props = {}, ...children) {
  const [tag, ...classes] = spec.split(".");
  const node = document.createElement(tag || "div");
  if (classes.length) node.className = classes.join(" ");
  for (const [key, value] of Object.entries(props || {})) setProp(node, key, value);
  add(node, children);
  return node;
}

function setProp(node, key, value) {
  if (value === undefined || value === null || value === false) return;
  if (typeof value === "function") node.addEventListener(key.replace(/^on/, ""), value);
  else if (key === "dataset") Object.assign(node.dataset, value);
  else if (key === "value") node.value = value;
  else if (key === "style") node.style.cssText = value;
  else node.setAttribute(key, value === true ? "" : String(value));
}

/** Append strings (as text), nodes, and nested lists of them; empty ones are skipped. */
export function add(node, children) {
  for (const child of [children].flat(Infinity)) {
    if (child === null || child === undefined || child === false || child === "") continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return node;
}

export function replace(node, ...children) {
  node.replaceChildren();
  return add(node, children);
}

const controls = (node) => [...node.querySelectorAll("button, a, input")];
const called = (control) => control.getAttribute("aria-label") || control.textContent;

/** Which control of a node has the focus, to be found again when the node is drawn anew; null for none. */
export function focusedIn(node, focused = document.activeElement) {
  const place = controls(node).indexOf(focused);
  return place < 0 ? null : { name: called(focused), place };
}

/** Give the focus to the control of that name, or to what stands in its place now; else to the node itself. */
export function focusAgain(node, { name, place }) {
  const now = controls(node);
  (now.find((control) => called(control) === name) || now[place] || node).focus({ preventScroll: true });
}

/** A drawing from sprite.svg. It is decoration unless it has a label. */
export function icon(name, label = "", className = "icon") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", className);
  if (label) {
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", label);
  } else svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${SPRITE}#${name}`);
  svg.append(use);
  return svg;
}

let counter = 0;
/** A fresh id for label/for and aria-* pairs. */
export const uid = (prefix = "x") => `${prefix}-${(counter += 1)}`;

/** Only addresses that cannot run code: http, https, mailto, tel. Anything else gives "". */
export function safeUrl(text, schemes = ["http:", "https:", "mailto:", "tel:"]) {
  try {
    const url = new URL(String(text));
    return schemes.includes(url.protocol) ? url.href : "";
  } catch {
    return "";
  }
}

export function link(url, ...children) {
  const href = safeUrl(url);
  if (!href) return h("span", {}, ...children);
  return h("a", { href, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

/** An image of a message. Where its size is known, its place is kept while it loads. */
export function picture(url, alt, className, [width, height] = []) {
  const src = safeUrl(new URL(String(url || ""), location.href).href, ["http:", "https:", "data:"]);
  const node = h(`img.${className}`, { src, alt: alt || "", referrerpolicy: "no-referrer", ...fitted(width, height) });
  // The page loads nothing from outside; such a picture becomes a link to itself.
  node.addEventListener("error", () => node.replaceWith(link(src, alt || src)), { once: true });
  return node;
}

function fitted(width, height) {
  if (!width || !height) return {};
  const scale = Math.min(1, PICTURE.width / width, PICTURE.height / height);
  return { width: Math.round(width * scale), height: Math.round(height * scale) };
}

const pad = (n) => String(n).padStart(2, "0");
const dateOf = (ts) => new Date(Number(ts) * 1000);
export function clock(ts) {
  const at = dateOf(ts);
  return `${pad(at.getHours())}:${pad(at.getMinutes())}`;
}
export function dayName(ts) {
  const at = dateOf(ts);
  const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 864e5);
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  return at.toLocaleDateString(undefined, { weekday: "long", day: "numeric", month: "long" });
}
