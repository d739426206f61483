// The list of a person's places: Home, the DM with the bot, channels; unread marks; arrow keys.
import { h, icon, replace } from "./dom.js";
import { avatar } from "./avatar.js";
import { step } from "./popup.js";

const ORDER = { im: 0, private: 1, channel: 2 };

export class Nav {
  constructor(client) {
    this.client = client;
    this.list = h("ul.places");
    this.node = h("nav.nav", { "aria-label": "Channels and messages" }, this.list);
    this.node.addEventListener("keydown", (event) => this.key(event));
  }

  get channels() {
    const all = [...this.client.person.channels.values()];
    return all.sort((a, b) => (ORDER[a.kind] ?? 3) - (ORDER[b.kind] ?? 3) || a.name.localeCompare(b.name));
  }

  /** Where this person can go, in the order shown. */
  places() {
    const { person } = this.client;
    const rooms = this.channels.map((one) => ({ place: one.id, name: this.client.title(one.id), unread: person.unread.get(one.id) || 0 }));
    return [{ place: "home", name: "Home", unread: 0 }, ...rooms];
  }

  draw() {
    const { place } = this.client;
    const { channels } = this;
    const groups = [
      h("li", {}, this.item("home", icon("home"), "Home", place === "home", 0)),
      ...channels.filter((one) => one.kind === "im").map((one) => this.channel(one)),
      h("li.nav-heading", { "aria-hidden": "true" }, "Channels"),
      ...channels.filter((one) => one.kind !== "im").map((one) => this.channel(one)),
    ];
    const held = document.activeElement?.closest?.(".place")?.dataset.place;
    const mine = this.node.contains(document.activeElement);
    replace(this.list, groups);
    if (mine && held) this.list.querySelector(`[data-place="${CSS.escape(held)}"]`)?.focus();
  }

  channel(channel) {
    const { person, place } = this.client;
    const unread = person.unread.get(channel.id) || 0;
    const im = channel.kind === "im";
    const mark = im ? avatar(person.users.get(channel.user), true) : icon(channel.kind === "private" ? "lock" : "hash");
    const name = im ? person.names.user(channel.user) || channel.name : channel.name;
    const item = this.item(channel.id, mark, name, place === channel.id, unread);
    if (im) item.append(h(`span.presence${person.app?.connected ? ".on" : ""}`, { title: person.app?.connected ? "The bot is connected" : "The bot is not connected" }));
    return h("li", {}, item);
  }

  item(place, mark, name, current, unread) {
    const count = unread ? h("span.badge", { "aria-label": `${unread} unread` }, String(unread > 99 ? "99+" : unread)) : null;
    return h(
      `button.place${unread ? ".unread" : ""}`,
      { type: "button", dataset: { place }, "aria-current": current ? "page" : null, onclick: () => this.client.go(place) },
      mark, h("span.place-name", {}, name), count,
    );
  }

  key(event) {
    const all = [...this.list.querySelectorAll("button")];
    const key = { ArrowRight: "ArrowDown", ArrowLeft: "ArrowUp" }[event.key] || event.key;
    const to = step(key, all.indexOf(document.activeElement), all.length);
    if (to === null || event.altKey) return;
    event.preventDefault();
    all[to].focus();
  }
}
