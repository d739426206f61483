// The page: who is there, which windows stand side by side, the tour above, what happened underneath below, light or dark.
import { h, icon, replace } from "./dom.js";
import { avatar, colourOf } from "./avatar.js";
import { Client } from "./client.js";
import { Keys } from "./keys.js";
import { Person } from "./person.js";
import { step } from "./popup.js";
import { held, labels, Tour } from "./tour.js";
import { tells, Underneath } from "./underneath.js";

const FIRST = ["U0MIA", "U0TOM", "U0AGENT"];
const MOST = 8;
const WIDE = matchMedia("(min-width: 900px)");
const WIDEST = matchMedia("(min-width: 1720px)");
const THEMES = { auto: "Theme: as the system", light: "Theme: light", dark: "Theme: dark" };

class Page {
  constructor() {
    this.clients = new Map();
    this.columns = [];
    this.active = {};
    this.deskNode = h("main.desk");
    this.underneath = new Underneath();
    this.keys = new Keys(this);
    this.tour = new Tour({ fill: (role, text) => this.fill(role, text) });
    document.body.append(this.bar(), this.tour.node, this.deskNode, this.underneath.node);
    for (const id of FIRST) this.join(id);
    for (const query of [WIDE, WIDEST]) query.addEventListener("change", () => this.arrange());
    this.arrange();
  }

  bar() {
    this.team = h("span.team", {}, "Local workspace");
    const theme = h("button.icon-button", { type: "button" });
    const dress = (name) => {
      if (name === "auto") delete document.documentElement.dataset.theme;
      else document.documentElement.dataset.theme = name;
      theme.setAttribute("aria-label", THEMES[name]);
      theme.title = THEMES[name];
      replace(theme, icon(name === "dark" ? "moon" : name === "light" ? "sun" : "auto"));
    };
    theme.addEventListener("click", () => {
      const names = Object.keys(THEMES);
      const next = names[(names.indexOf(localStorage.getItem("understudy.theme") || "auto") + 1) % names.length];
      localStorage.setItem("understudy.theme", next);
      dress(next);
    });
    dress(localStorage.getItem("understudy.theme") || "auto");
    const brand = h("h1.brand", {}, icon("mask", "", "brand-mask"), "Understudy");
    return h("header.bar", {}, brand, this.team, h("span.spring"), this.keys.jumper, this.tour.button, this.underneath.button, this.keys.helper, theme);
  }

  join(id) {
    if (this.clients.has(id) || this.clients.size >= MOST) return;
    const person = new Person(id);
    const client = new Client(person, this);
    this.clients.set(id, client);
    person.on((event) => this.on(event, person));
    person.connect();
  }

  on(event, person) {
    if (event.type === "snapshot") this.team.textContent = person.team?.name || "";
    if (["snapshot", "user"].includes(event.type)) {
      const fresh = [...person.users.values()].filter((user) => ["customer", "agent"].includes(user.role) && !this.clients.has(user.id));
      for (const user of fresh) this.join(user.id);
      this.arrange();
      this.newest(person);
      this.landing(this.clients.get(person.id));
    }
    this.teach(event, person);
  }

  /** The page was opened by a link to a message: show it in the first window that may. */
  landing(client) {
    const where = /^\/archives\/([A-Z0-9]+)\/p\d+/.exec(location.pathname);
    if (!where || this.landed || !client.person.channels.has(where[1])) return;
    this.landed = true;
    this.front(client);
    client.goTo(location.href);
  }

  /** What the tour notices. */
  teach(event, person) {
    const { role } = person.user;
    const before = event.type === "snapshot" && role === "customer" && person.botDm;
    if (before && person.of(before.id).some((message) => message.bot_id && message.thread_ts)) this.tour.resume();
    const said = event.type.startsWith("message") && role === "customer" && event.message?.bot_id && event.message.thread_ts;
    if (said && event.type === "message") this.tour.event("answered");
    const how = said ? event.message.metadata?.event_payload : null;
    if (how?.route === "ANSWER" && how.source !== "agent") this.tour.event("understood");
    const done = event.type === "acted" && event.answer.ok && !event.answer.errors && event.answer.action !== "update";
    if (person.id === FIRST[0] && person.botDm) this.tour.hold(held(person.of(person.botDm.id)));
    if (done && role === "agent" && labels(event.action, event.form)) this.tour.event("corrected");
  }

  newest(person) {
    const shown = this.columns.some((column) => column.active.person === person);
    if (person.user.role !== "customer" || !person.botDm || !shown) return;
    const last = person.of(person.botDm.id).filter(tells).at(-1);
    if (last) this.underneath.show(last, false);
  }

  groups() {
    const all = [...this.clients.values()];
    const agents = all.filter((client) => client.person.user.role === "agent" || (!client.person.ready && client.person.id === "U0AGENT"));
    const customers = all.filter((client) => !agents.includes(client));
    if (!WIDE.matches) return [[...customers, ...agents]];
    if (WIDEST.matches && customers.length > 1) return [[customers[0]], customers.slice(1), agents];
    return [customers, agents];
  }

  arrange() {
    const groups = this.groups().filter((group) => group.length);
    const key = JSON.stringify(groups.map((group) => group.map((client) => client.person.id)));
    if (key !== this.key) {
      this.key = key;
      const held = document.activeElement;
      this.columns = groups.map((group, no) => this.column(group, no));
      replace(this.deskNode, this.columns.map((column) => column.node));
      if (held !== document.body && held?.isConnected) held.focus({ preventScroll: true });
      for (const client of this.clients.values()) client.list?.toEnd();
    }
    this.unread();
  }

  column(group, no) {
    const tabs = h("div.people", { role: "tablist", "aria-label": "Whose window" });
    const body = h("div.windows", {}, group.map((client) => client.node));
    const agents = group.every((client) => client.person.user.role === "agent");
    const column = { group, tabs, node: h(`div.column${agents ? ".agents" : ""}`, {}, tabs, body), no };
    const kept = group.find((client) => Object.values(this.active).includes(client));
    column.active = kept || group[0];
    this.active[no] = column.active;
    tabs.addEventListener("keydown", (event) => {
      const key = { ArrowRight: "ArrowDown", ArrowLeft: "ArrowUp" }[event.key] || event.key;
      const to = step(key, group.indexOf(column.active), group.length);
      if (to === null) return;
      event.preventDefault();
      this.front(group[to]);
      tabs.children[to].focus();
    });
    return column;
  }

  front(client) {
    const column = this.columns.find((one) => one.group.includes(client));
    if (!column) return;
    column.active = client;
    this.active[column.no] = client;
    this.unread();
    client.list?.toEnd();
    client.caughtUp();
  }

  /** Draw the tabs with their unread marks; show the active window of each column. */
  unread() {
    for (const column of this.columns) {
      const tabs = column.group.map((client) => this.tab(client, column));
      const held = column.tabs.contains(document.activeElement);
      replace(column.tabs, tabs);
      if (held) tabs[column.group.indexOf(column.active)].focus();
      for (const client of column.group) client.node.hidden = client !== column.active;
    }
  }

  tab(client, column) {
    const { person } = client;
    const current = client === column.active;
    const count = [...person.unread.values()].reduce((sum, n) => sum + n, 0);
    const badge = count && !current ? h("span.badge", { "aria-label": `${count} unread` }, String(count)) : null;
    const role = person.user.role === "agent" ? "support agent" : "customer";
    return h(
      `button.person.${colourOf(person.user)}`,
      { type: "button", role: "tab", "aria-selected": String(current), tabindex: current ? 0 : -1, dataset: { user: person.id }, onclick: () => this.front(client) },
      avatar(person.user, true), h("span.person-name", {}, person.user.real_name || person.id), h("span.person-role", {}, role), badge,
    );
  }

  roleClient(role) {
    const fits = (client) => client.person.user.role === role;
    return this.columns.map((column) => column.active).find(fits) || [...this.clients.values()].find(fits);
  }

  fill(role, text) {
    const client = this.roleClient(role);
    if (!client) return;
    this.front(client);
    const dm = client.person.botDm?.id;
    if (role === "customer" && dm && client.place !== dm) client.go(dm);
    else if (client.place === "home" && dm) client.go(dm);
    client.leaveThread(false);
    client.composer.fill(text);
  }

  /** A link led an agent to a customer's conversation: that customer's window comes forward. */
  elsewhere(channel) {
    const client = [...this.clients.values()].find((one) => one.person.channels.has(channel));
    if (client) this.front(client);
    return client;
  }

  /** Asked by clients. */
  visible(client) {
    return this.columns.some((column) => column.active === client) && document.visibilityState === "visible";
  }

  selected(message, person, chosen) {
    if (chosen || person.user.role === "customer") this.underneath.show(message, chosen);
  }
}

new Page();
