// "1 Ask  2 Correct  3 See it learn  4 More": a strip above the windows that notices what has been done. It can be put away and called back.
import { h, icon, replace } from "./dom.js";
import { plain } from "./emoji.js";
import { QUESTIONS } from "./welcome.js";

const KEY = "understudy.tour";

const MORE = "Ask for your own orders, or send a screenshot by the clip.";
const AFTER = "That is all of it. There is more: an order of yours, a screenshot by the clip.";

const STEPS = [
  { title: "Ask", text: "You are Mia, a customer: ask away.", customer: QUESTIONS.ask.slice(0, 2).concat(QUESTIONS.outside) },
  { title: "Correct", text: "Ask what it is not sure of. As Alex, say in the review what Mia meant.", customer: QUESTIONS.unsure, agent: ["/support review"] },
  { title: "See it learn", text: "Ask again: it counts at once. Training makes it last.", customer: QUESTIONS.again, agent: QUESTIONS.learn },
  { title: "More", text: MORE, customer: QUESTIONS.own, agent: ["/support kb gaps"] },
];
const LEARNED = 2;
const LABELS = /^(review_(right|pick|oos)|card_right)/;
const NARROWS = /^narrow_/;

/** Whether what an agent did says what a customer meant: a form that was sent, or one click in the review or on a card. */
export function labels(action) {
  const narrows = Object.keys(action.values || {}).some((block) => NARROWS.test(block));
  return (action.do === "submit" && !narrows) || (action.do === "click" && LABELS.test(action.action_id || ""));
}

export class Tour {
  /** fill(role, text) brings the right window forward and puts text into its composer. */
  constructor({ fill }) {
    this.fill = fill;
    this.done = STEPS.map(() => false);
    this.at = 0;
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
      h("p.step-text", {}, plain(this.at > LEARNED && this.done[LEARNED] ? AFTER : step.text)),
      h("div.step-tries", {}, tries),
      h("button.icon-button", { type: "button", "aria-label": "Put the tour away", title: "Put the tour away", onclick: () => this.toggle() }, icon("close")),
    );
  }

  offer(role, text) {
    return h("button.prompt", { type: "button", onclick: () => this.fill(role, text) }, text);
  }

  show(no) {
    this.at = no;
    this.draw();
  }

  /** A customer had a reply; an agent corrected something; a customer was understood, which counts after that. */
  event(kind) {
    const step = { answered: 0, corrected: 1, understood: this.done[1] ? LEARNED : 0 }[kind];
    if (step === undefined || this.done[step]) return;
    this.done.fill(true, 0, step + 1);
    this.show(Math.min(step + 1, STEPS.length - 1));
  }
}
