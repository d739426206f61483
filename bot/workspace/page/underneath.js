// The strip at the bottom: what happened underneath a bot's message, read from its metadata. Shows whatever is there.
import { clock, h, icon, replace } from "./dom.js";

const KEY = "understudy.underneath";
const FIRST = ["intent", "confidence", "route", "source", "prediction_source", "intent_version", "response_version", "version", "turn_id", "turn"];
const NAMES = {
  intent: "intent", confidence: "confidence", route: "route", source: "decided by", prediction_source: "decided by", intent_version: "intent model",
  response_version: "response model", version: "model", turn_id: "turn", turn: "turn", ms: "took", oos_score: "out-of-scope score", article_ids: "articles", reply_kind: "reply", kind: "reply",
};
const GOOD = 0.75;
const FAIR = 0.45;

const round = (value) => (typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(3)) : value);
const OURS = ["mark"];
/* What the bot keeps in a message for itself. */
const isTime = (key) => /(^|_)ms$|milliseconds|^timings$/.test(key);

/** event_payload as [name, value] pairs: what matters first, nested ones flattened, times last. */
export function facts(payload) {
  const flat = [];
  const walk = (object, prefix, times) => {
    for (const [key, value] of Object.entries(object || {})) {
      if (value === null || value === undefined || value === "" || OURS.includes(key)) continue;
      if (typeof value === "object" && !Array.isArray(value)) walk(value, isTime(key) ? "" : `${key} `, times || isTime(key));
      else flat.push({ key, name: prefix + (NAMES[key] || key.replace(/_ms$/, "").replaceAll("_", " ")), value: shown(value), raw: value, time: times || isTime(key) });
    }
  };
  walk(payload, "", false);
  const rank = (fact) => (fact.time ? 99 : FIRST.includes(fact.key) ? FIRST.indexOf(fact.key) : 50);
  return flat.sort((a, b) => rank(a) - rank(b));
}

/** Whether a message says more than which turn it belongs to: what is said in the place of an answer does not. */
export const tells = (message) => facts(message?.metadata?.event_payload).some((fact) => !["turn", "turn_id"].includes(fact.key));

function shown(value) {
  if (!Array.isArray(value)) return String(round(value));
  return value.map((one) => (one && typeof one === "object" ? Object.values(one).map(round).join(" ") : String(round(one)))).join(", ");
}

export class Underneath {
  constructor() {
    this.current = "";
    this.body = h("div.facts", { role: "group", "aria-label": "Facts", tabindex: 0 });
    this.title = h("span.under-title", {}, "What happened underneath");
    const hide = h("button.icon-button", { type: "button", "aria-label": "Put this strip away", title: "Put this strip away", onclick: () => this.toggle() }, icon("close"));
    this.node = h("footer.underneath", { "aria-label": "What happened underneath", hidden: localStorage.getItem(KEY) === "away" }, this.title, this.body, hide);
    this.button = h("button.bar-button", { type: "button", "aria-pressed": String(!this.node.hidden), onclick: () => this.toggle() }, "Underneath");
    this.hint();
  }

  toggle() {
    this.node.hidden = !this.node.hidden;
    localStorage.setItem(KEY, this.node.hidden ? "away" : "shown");
    this.button.setAttribute("aria-pressed", String(!this.node.hidden));
  }

  hint() {
    replace(this.body, h("p.under-hint", {}, "Select an answer of the bot to see its intent, confidence, route, versions and milliseconds."));
  }

  /** chosen: the person picked it; otherwise it is just the newest. */
  show(message, chosen) {
    const list = facts(message?.metadata?.event_payload);
    if (!list.length || (!chosen && !tells(message))) return;
    if (!chosen && this.picked && Date.now() - this.picked < 4000) return;
    if (chosen) this.picked = Date.now();
    replace(this.body, h("time.fact", {}, clock(message.ts)), list.map(drawn));
    for (const node of document.querySelectorAll(".message.inspected")) node.classList.remove("inspected");
    document.querySelectorAll(`.message[data-ts="${CSS.escape(message.ts)}"]`).forEach((node) => node.classList.add("inspected"));
  }
}

function drawn(fact) {
  const value = fact.time ? `${fact.value} ms` : fact.value;
  const node = h(`span.fact${fact.time ? ".time-fact" : ""}`, { dataset: { fact: fact.key } }, h("span.fact-name", {}, fact.name), h("span.fact-value", {}, value));
  if (["confidence"].includes(fact.key) && typeof fact.raw === "number") node.append(meter(fact.raw));
  if (fact.key === "route") node.classList.add(`route-${String(fact.raw).toLowerCase().replace(/\W/g, "")}`);
  return node;
}

function meter(value) {
  const level = value >= GOOD ? "good" : value >= FAIR ? "fair" : "poor";
  const bar = h(`i.meter-bar.${level}`);
  bar.style.width = `${Math.round(Math.max(0, Math.min(1, value)) * 100)}%`;
  return h("span.meter", { "aria-hidden": "true" }, bar);
}
