// One person's client: places on the side, the open one in the middle, a composer below, modals above. Listens to its Person.
import { h, icon, replace } from "./dom.js";
import { Composer } from "./composer.js";
import { Deeds } from "./deeds.js";
import { focusables } from "./dialog.js";
import { Home, Modals } from "./modals.js";
import { MessageList } from "./list.js";
import { Nav } from "./nav.js";
import { edit, Toolbar } from "./toolbar.js";
import { Typing } from "./typing.js";
import { menu } from "./popup.js";
import { mrkdwn, unescape } from "./mrkdwn.js";
import { welcome } from "./welcome.js";

export class Client extends Deeds {
  /** desk: {selected(message, person), visible(client)} */
  constructor(person, desk) {
    super();
    Object.assign(this, { person, desk, place: "", thread: "", threadText: "" });
    this.layer = h("div.layer");
    this.toasts = h("div.toasts", { role: "status" });
    this.spoken = h("div.sr", { "aria-live": "polite" });
    this.banner = h("div.banner", { role: "status", hidden: true });
    this.heading = h("div.place-head");
    this.stage = h("div.stage", {}, h("p.opening", { role: "status" }, "Opening…"));
    this.pill = h("button.pill", { type: "button", hidden: true, onclick: () => this.follow() }, "New reply");
    this.typing = new Typing(this);
    this.nav = new Nav(this);
    this.composer = new Composer(this);
    this.toolbar = new Toolbar(this);
    this.modals = new Modals(this);
    this.home = new Home(this);
    const main = h("div.main-pane", {}, this.heading, this.banner, this.stage, this.pill, this.typing.node, this.composer.node);
    this.inner = h("div.inner", {}, this.nav.node, main);
    this.node = h("section.client", { dataset: { user: person.id }, "aria-label": person.id }, this.inner, this.layer, this.toasts, this.spoken);
    this.node.addEventListener("click", (event) => this.permalink(event));
    this.node.addEventListener("dragover", (event) => this.dragged(event));
    this.node.addEventListener("dragleave", (event) => !this.node.contains(event.relatedTarget) && this.node.classList.remove("dragging"));
    this.node.addEventListener("drop", (event) => this.dropped(event));
    person.on((event) => this.on(event));
  }

  get channel() {
    return this.place === "home" ? "" : this.place;
  }

  on(event) {
    if (!this.person.ready) {
      if (event.type === "online" && !event.online) this.warn("The workspace does not answer. Trying again…");
      return;
    }
    const handler = { snapshot: "snapshot", message: "arrived", ephemeral: "arrived", message_changed: "changed", message_deleted: "gone", ephemeral_deleted: "gone" }[event.type];
    if (handler) this[handler](event);
    else if (event.type.startsWith("view_")) this.view(event);
    else this.small(event);
  }

  small(event) {
    const { type, channel } = event;
    if (type === "home" && this.place === "home") this.home.draw();
    else if (type === "status" && channel === this.channel) this.list.status(event);
    else if (type === "prompts" && channel === this.channel) this.prompted(event);
    else if (type === "typing" && channel === this.channel) this.typing.heard(event.user);
    else if (type === "online" || type === "app") this.weather();
    if (["channel", "user", "app"].includes(type)) this.nav.draw();
  }

  view(event) {
    if (event.type === "view_errors") this.modals.errors(event);
    else this.modals.sync();
  }

  snapshot() {
    const { person } = this;
    const name = person.user.real_name || person.id;
    this.node.setAttribute("aria-label", `${name}'s window`);
    this.nav.node.setAttribute("aria-label", `${name}'s channels and messages`);
    const agents = [...person.channels.values()].find((one) => one.kind === "private");
    const first = (person.user.role === "agent" && agents) || person.botDm || [...person.channels.values()][0];
    const place = this.place === "home" || person.channels.has(this.place) ? this.place : first?.id || "home";
    this.place = "";
    this.go(place, false);
    this.modals.sync();
    this.weather();
  }

  /** In an empty place the app's prompts stand in the middle; elsewhere above the composer, until one writes. */
  prompted(event) {
    if (this.list.views.size) this.composer.suggest(event);
    else this.list.greet(true);
  }

  weather() {
    const { person } = this;
    const text = !person.online ? "Connection lost. Trying again…" : !person.app?.connected ? "The bot is not connected just now. Messages wait for it." : "";
    this.warn(text);
    this.nav.draw();
  }

  warn(text) {
    this.banner.hidden = !text;
    this.banner.textContent = text;
  }

  title(channel) {
    const one = this.person.channels.get(channel);
    if (!one) return channel;
    return one.kind === "im" ? this.person.names.user(one.user) || one.name : `#${one.name}`;
  }

  go(place, tell = true) {
    if (this.place !== place) this.leaveThread(false);
    this.place = place;
    const isHome = place === "home";
    this.composer.node.hidden = isHome;
    this.composer.turn(place);
    this.typing.stop();
    this.list = isHome ? null : new MessageList(this, place);
    replace(this.stage, isHome ? this.home.node : this.list.node);
    if (isHome) this.home.draw();
    else this.list.toEnd();
    this.caughtUp();
    this.aim();
    this.head();
    this.nav.draw();
    this.composer.suggest(null);
    if (!tell) return;
    if (isHome) this.person.act({ do: "home" });
    else if (this.person.channels.get(place)?.kind === "im") this.person.act({ do: "messages_tab" });
  }

  /** The keyboard comes to this window: to the form that is open, the composer, or the Home. */
  focusPlace() {
    if (this.inner.inert) focusables(this.layer)[0]?.focus();
    else if (this.channel) this.composer.field.focus();
    else this.home.node.focus();
  }

  head() {
    const { person, place } = this;
    const channel = person.channels.get(place);
    const title = place === "home" ? `${person.app?.name || "The bot"}: Home` : this.title(place);
    const people = channel?.members?.length && channel.kind !== "im" ? h("span.topic", {}, `${channel.members.length} people`) : null;
    const topic = channel?.topic ? h("span.topic", {}, channel.topic) : channel?.kind === "im" ? h("span.topic", {}, "Support bot · replies in threads") : null;
    replace(this.heading, h("h2", {}, title), topic, people, this.globals());
  }

  globals() {
    const all = (this.person.shortcuts || []).filter((one) => one.type === "global");
    if (!all.length) return null;
    const button = h("button.icon-button.push", { type: "button", "aria-label": "Shortcuts", "aria-haspopup": "menu", title: "Shortcuts" }, icon("bolt"));
    button.addEventListener("click", () => menu(button, all.map((one) => ({ label: one.name, icon: "bolt", run: () => this.shortcut(one) })), "Shortcuts"));
    return button;
  }

  arrived({ channel, message }) {
    if (channel === this.channel) {
      this.typing.stop(message.user);
      const seen = this.list.append(message);
      if (seen && this.desk.visible(this)) this.person.unread.delete(channel);
      else if (!seen) {
        this.waiting = message.ts;
        this.pill.hidden = false;
      }
      if (message.user !== this.person.id && this.desk.visible(this)) this.say(message);
      if (message.metadata) this.desk.selected(message, this.person, false);
    }
    this.nav.draw();
    this.desk.unread();
  }

  say(message) {
    const name = this.person.names.user(message.user) || "Somebody";
    // As it is drawn: nobody wants to hear asterisks and addresses.
    const lines = String(message.text ?? "").split("\n").map((line) => mrkdwn(line, this.person.names).textContent);
    this.spoken.textContent = `${name}: ${lines.join(" ").slice(0, 300)}`;
  }

  changed({ channel, message }) {
    if (channel !== this.channel) return;
    this.list.change(message);
    if (message.metadata) this.desk.selected(message, this.person, false);
  }

  gone({ channel, ts }) {
    if (channel === this.channel) this.list.remove(ts);
  }

  /** A file may be let go anywhere in the window; it waits in the composer. */
  dragged(event) {
    if (![...(event.dataTransfer?.types || [])].includes("Files")) return;
    event.preventDefault();
    this.node.classList.toggle("dragging", Boolean(this.channel));
  }

  dropped(event) {
    this.node.classList.remove("dragging");
    if (this.channel && !this.inner.inert) this.composer.files(event, event.dataTransfer);
    else event.preventDefault();
  }

  follow() {
    this.pill.hidden = true;
    this.list?.views.get(this.waiting)?.node.scrollIntoView({ block: "center" });
    this.caughtUp();
  }

  caughtUp() {
    this.pill.hidden = true;
    if (!this.person.unread.has(this.place) || !this.desk.visible(this)) return;
    this.person.unread.delete(this.place);
    this.nav.draw();
    this.desk.unread();
  }

  hovered(view) {
    this.toolbar.attach(view);
  }

  selected(view) {
    this.toolbar.attach(view);
    this.desk.selected(view.message, this.person, true);
  }

  messageKey(key, view) {
    if (!view) return false;
    if (key === "r") this.replyTo(view.message);
    else if (key === "e" && view.mine) edit(view, this);
    else if (["ContextMenu", ".", "m"].includes(key)) this.toolbar.more.click();
    else return false;
    return true;
  }

  replyTo(message) {
    this.thread = message.thread_ts || message.ts;
    const root = this.person.find(this.channel, this.thread);
    this.threadText = unescape(root?.text || "this message").replace(/<@\w+>/g, "").replace(/\s+/g, " ").trim().slice(0, 60) || "this message";
    this.aim();
    this.composer.field.focus();
  }

  leaveThread(focus = true) {
    this.thread = this.threadText = "";
    this.aim();
    if (focus) this.composer.field.focus();
  }

  aim() {
    this.composer.aim(this.title(this.channel), this.threadText);
    for (const [root, group] of this.list?.cases || []) group.node.classList.toggle("answering", root === this.thread && this.thread !== "");
  }

  rest(resting) {
    this.inner.inert = resting;
  }

  welcome(channel) {
    return welcome(this, channel);
  }
}
