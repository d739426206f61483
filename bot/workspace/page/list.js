// The messages of one channel: cases (a root message with its thread), days between them. New ones are appended, never redrawn.
import { dayName, h, replace } from "./dom.js";
import { MessageView } from "./message.js";

const FOLD_ABOVE = 6;
const STAY_OPEN = 3;
const NEAR = 120;
const HEAD = 40;

export class MessageList {
  constructor(client, channel) {
    this.client = client;
    this.channel = channel;
    this.views = new Map();
    this.cases = new Map();
    this.statuses = new Map();
    this.lastDay = "";
    this.items = h("ol.cases", { "aria-label": "Messages" });
    this.empty = h("div.empty");
    this.node = h("div.messages", { tabindex: 0, role: "region", "aria-label": `Messages in ${client.title(channel)}` }, this.empty, this.items);
    this.node.addEventListener("keydown", (event) => this.key(event));
    this.node.addEventListener("scroll", () => this.scrolled(), { passive: true });
    this.resized = new ResizeObserver(() => this.stuck && !this.reading && this.toEnd());
    this.resized.observe(this.node);
    this.resized.observe(this.items);
    this.stuck = true;
    this.reading = false;
    this.fill();
  }

  fill() {
    for (const message of this.client.person.of(this.channel)) this.place(message);
    for (const group of this.cases.values()) this.fold(group);
    for (const status of this.client.person.statuses.values()) if (status.channel === this.channel) this.status(status);
    this.greet();
  }

  greet(again = false) {
    this.empty.hidden = this.views.size > 0;
    if (!this.empty.hidden && (again || !this.empty.children.length)) replace(this.empty, this.client.welcome(this.channel));
  }

  /** At the end the list sticks to it, whatever grows (an image that loads, a window that shrinks). */
  scrolled() {
    this.stuck = this.atEnd();
    if (this.stuck) this.client.caughtUp();
  }

  atEnd() {
    return this.node.scrollHeight - this.node.scrollTop - this.node.clientHeight < NEAR;
  }

  toEnd() {
    this.node.scrollTop = this.node.scrollHeight;
  }

  /** Whoever says something wants to see what comes of it. */
  follow() {
    this.reading = false;
    this.stuck = true;
    this.toEnd();
  }

  /** A new message. Returns true when it can be seen (or the list followed it). */
  append(message) {
    if (this.views.has(message.ts)) {
      this.change(message);
      return true;
    }
    const end = this.atEnd();
    this.reading = false;
    const view = this.place(message);
    view.node.classList.add("fresh");
    this.greet();
    const group = view.node.closest(".case");
    const follow = message.user === this.client.person.id || (end && group === this.items.lastElementChild);
    if (follow) view.node.scrollIntoView({ block: "nearest" });
    if (follow && group === this.items.lastElementChild) this.toEnd();
    // Another's that is higher than the window is read from its beginning.
    this.reading = follow && message.user !== this.client.person.id && view.node.offsetHeight > this.node.clientHeight - HEAD;
    if (this.reading) view.node.scrollIntoView({ block: "start" });
    return follow || this.inSight(view.node);
  }

  inSight(node) {
    const [mine, its] = [this.node.getBoundingClientRect(), node.getBoundingClientRect()];
    return its.top < mine.bottom - 20 && its.bottom > mine.top;
  }

  place(message) {
    const root = message.thread_ts && message.thread_ts !== message.ts ? message.thread_ts : message.ts;
    const view = new MessageView(message, this.channel, this.client);
    this.views.set(message.ts, view);
    const group = this.cases.get(root) || this.open(root);
    if (root === message.ts) group.root.replaceChildren(view.node);
    else {
      group.replies.append(view.node);
      group.node.classList.add("threaded");
    }
    return view;
  }

  open(root) {
    const day = dayName(root);
    if (day !== this.lastDay) this.items.append(h("li.day", {}, h("span", {}, day)));
    this.lastDay = day;
    const group = { ts: root, root: h("div.root"), replies: h("div.replies"), status: h("div.status-slot") };
    const reply = h("button.reply-button", { type: "button", onclick: () => this.client.replyTo({ ts: root, thread_ts: root }) }, "Reply in thread");
    group.node = h("li.case", { dataset: { root } }, group.root, group.replies, group.status, h("div.case-foot", {}, reply));
    this.cases.set(root, group);
    this.items.append(group.node);
    return group;
  }

  /** Long threads show their last replies; the others behind a button. */
  fold(group) {
    const all = [...group.replies.children];
    if (all.length <= FOLD_ABOVE || group.node === this.items.lastElementChild) return;
    const hidden = all.slice(0, all.length - STAY_OPEN);
    for (const node of hidden) node.hidden = true;
    const show = h("button.unfold", { type: "button" }, `Show ${hidden.length} earlier replies`);
    show.addEventListener("click", () => {
      for (const node of hidden) node.hidden = false;
      show.remove();
      hidden[0].focus();
    });
    group.replies.before(show);
  }

  change(message) {
    const view = this.views.get(message.ts);
    if (!view) return this.place(message);
    const end = this.atEnd();
    if (view.editing) view.message = message;
    else view.update(message);
    if (end && view.node.closest(".case") === this.items.lastElementChild) this.toEnd();
    return view;
  }

  remove(ts) {
    const view = this.views.get(ts);
    if (!view) return;
    this.views.delete(ts);
    const group = this.cases.get(ts);
    view.node.remove();
    if (group?.replies.children.length) group.root.append(h("p.gone", {}, "This message was deleted."));
    else if (group) {
      group.node.remove();
      this.cases.delete(ts);
    }
    this.greet();
  }

  /** "Understudy is thinking...": under its thread, or at the end of the list. */
  status(event) {
    const group = this.cases.get(event.thread_ts) || [...this.cases.values()].at(-1);
    if (!group) return;
    if (!event.text) {
      group.status.replaceChildren();
      return;
    }
    const end = this.atEnd();
    const name = this.client.person.bot?.real_name || this.client.person.app?.name || "The bot";
    const more = event.loading_messages?.[0];
    replace(group.status, h("p.status", {}, h("span.dots", { "aria-hidden": "true" }, h("i"), h("i"), h("i")), h("span", {}, more || `${name} ${event.text}`)));
    if (end && group.node === this.items.lastElementChild) this.toEnd();
  }

  /** Arrow keys walk through the messages; r replies, e edits one's own, the menu key opens "...". */
  key(event) {
    if (event.altKey || (event.target !== this.node && !event.target.classList.contains("message"))) return;
    const all = [...this.items.querySelectorAll(".message:not([hidden])")];
    const at = all.indexOf(event.target);
    const to = { ArrowDown: Math.min(at + 1, all.length - 1), ArrowUp: at < 0 ? all.length - 1 : Math.max(at - 1, 0), End: all.length - 1, Home: 0 }[event.key];
    if (to !== undefined && all[to]) all[to].focus();
    else if (at < 0 || event.ctrlKey || event.metaKey || !this.client.messageKey(event.key, this.views.get(event.target.dataset.ts))) return;
    event.preventDefault();
  }
}
