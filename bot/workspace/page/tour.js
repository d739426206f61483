// "1 Ask  2 Correct  3 See it learn  4 More": a strip above the windows that notices what has been done, and remembers it. It can be put away and called back.
import { h, icon, replace } from "./dom.js";
import { plain } from "./emoji.js";
import { QUESTIONS } from "./welcome.js";

const KEY = "understudy.tour";
const DONE = "understudy.tour.done";

const MORE = "Ask for your own orders, or send a screenshot by the clip.";
const AFTER = "That is all of it. There is more: an order of yours, a screenshot by the clip.";

const STEPS = [
  { title: "Ask", text: "You are Mia, a customer: ask away.", customer: QUESTIONS.ask.slice(0, 2).concat(QUESTIONS.outside) },
  { title: "Correct", text: "Ask what it is not sure of. As Alex, say in the review what Mia meant.", customer: QUESTIONS.unsure, agent: ["/support review"] },
  { title: "See it learn", text: "Ask again: it counts at once. Training makes it last.", customer: QUESTIONS.again, agent: QUESTIONS.learn },
  { title: "More", text: MORE, customer: QUESTIONS.own, agent: ["/support kb gaps"] },
];
const LEARNED = 2;
// What the bot calls the forms and the buttons by which agents correct it; a menu's value says what was chosen in it.
const FORMS = /^(relabel|edit_answer)$/;
const LABELS = /^(review_right|review_pick_\d|review_oos|card_right)$/;
const OUT_OF_SCOPE = /^oos\|/;

/** Whether what an agent did corrects the bot or says that it is right: a form of that kind, or a click. */
export function labels(action, form = "") {
  if (action.do === "submit") return FORMS.test(form);
  const menu = action.action_id === "card_more" && OUT_OF_SCOPE.test(action.value || "");
  return action.do === "click" && (menu || LABELS.test(action.action_id || ""));
}

// What the bot says where a person has the request from then on, their own words among it, and where nobody has any more.
const HELD = /has your request now|^\*[^*\n]+:\* /;
const FREE = /I am the bot again|This request (is|was) closed/;
const SILENT = "A person has Mia's request, so the bot is silent. Its card's menu has Release to bot.";

/** Whether a person has what a customer asked last, by the messages of the bot's; an answer of its own says that none has. */
export function held(messages) {
  const last = messages.filter((one) => one.bot_id && (HELD.test(one.text) || FREE.test(one.text) || one.metadata?.event_payload?.route)).at(-1);
  return Boolean(last) && HELD.test(last.text) && !last.metadata?.event_payload?.route;
}

/** How far the tour had come on this page; nothing, where what is stored is not of this tour. */
function kept() {
  const stored = JSON.parse(localStorage.getItem(DONE) || "{}");
  const fits = stored.done?.length === STEPS.length && STEPS[stored.at];
  return fits ? stored : { at: 0, done: STEPS.map(() => false) };
}

export class Tour {
  /** fill(role, text) brings the right window forward and puts text into its composer. */
  constructor({ fill }) {
    this.fill = fill;
    this.done = STEPS.map(() => false);
    this.at = 0;
    this.silent = false;
    this.node = h("section.tour", { "aria-label": "A tour in steps", hidden: this.away });
    this.button = h("button.bar-button", { type: "button", "aria-pressed": String(!this.away), onclick: () => this.toggle() }, "Tour");
    this.draw();
  }

  get away() {
    return localStorage.getItem(KEY) === "away";
  }

  toggle() {
    localStorage.setItem(KEY, this.away ? "shown" : "away");
    this.node.hidden = this.away;
    this.button.setAttribute("aria-pressed", String(!this.away));
  }

  draw() {
    const step = STEPS[this.at];
    const tabs = STEPS.map((one, no) => {
      const state = this.done[no] ? ".done" : "";
      const number = h("span.step-number", {}, this.done[no] ? icon("check", "done") : String(no + 1));
      return h("li", {}, h(`button.step${state}`, { type: "button", "aria-current": no === this.at ? "step" : null, onclick: () => this.show(no) }, number, one.title));
    });
    const tries = ["customer", "agent"].flatMap((role) => (step[role] || []).map((text) => this.offer(role, text)));
    replace(
      this.node,
      h("ol.steps", {}, tabs),
      h("p.step-text", {}, plain(this.silent ? SILENT : this.at > LEARNED && this.done[LEARNED] ? AFTER : step.text)),
      h("div.step-tries", {}, tries),
      h("button.icon-button", { type: "button", "aria-label": "Put the tour away", title: "Put the tour away", onclick: () => this.toggle() }, icon("close")),
    );
  }

  offer(role, text) {
    return h("button.prompt", { type: "button", onclick: () => this.fill(role, text) }, text);
  }

  show(no) {
    this.at = no;
    localStorage.setItem(DONE, JSON.stringify({ at: no, done: this.done }));
    this.draw();
  }

  /** A person has Mia's request, or has it no more: whoever tries the bot is told why it says nothing. */
  hold(silent) {
    if (silent === this.silent) return;
    this.silent = silent;
    this.draw();
  }

  /** This workspace has answered somebody before: what was done on the page counts for it. A fresh one begins at the first step. */
  resume() {
    if (this.done[0]) return;
    const { at, done } = kept();
    if (done[0]) {
      this.done = done;
      this.show(at);
    } else this.event("answered");
  }

  /** A customer had a reply; an agent corrected something; a customer was understood, which counts after that. */
  event(kind) {
    const step = { answered: 0, corrected: 1, understood: this.done[1] ? LEARNED : 0 }[kind];
    if (step === undefined || this.done[step]) return;
    this.done.fill(true, 0, step + 1);
    this.show(Math.min(step + 1, STEPS.length - 1));
  }
}
