// The keyboard for the whole page: Ctrl/Cmd+K jumps to any place of anybody, "?" shows all keys, F6 and Alt+arrows walk about.
import { h, icon } from "./dom.js";
import { dialog } from "./dialog.js";
import { openList } from "./picker.js";
import { step } from "./popup.js";

const MAC = /Mac|iP(hone|ad)/.test(navigator.platform);
const COMMAND = MAC ? "⌘" : "Ctrl";
const ALT = MAC ? "⌥" : "Alt";

const KEYS = [
  ["Everywhere", [
    [[COMMAND, "K"], "Jump to a person's Home, messages or channel"],
    [["F6"], "Go to the next window"],
    [[ALT, "↑"], ["↓"], "The place above, the place below"],
    [["Tab"], "The next control"],
    [["Esc"], "Close a menu or a form, leave a thread"],
    [["?"], "Show these keys (outside a text field)"],
  ]],
  ["Writing", [
    [["Enter"], "Send"],
    [["Shift", "Enter"], "A new line"],
    [["/"], "Commands, with what may follow them"],
    [["@"], "Somebody in the channel"],
    [["↑"], "Edit your last message (in an empty field)"],
  ]],
  ["On a message", [
    [["↑"], ["↓"], "Walk through the messages"],
    [["R"], "Reply in its thread"],
    [["E"], "Edit your own"],
    [["."], "More actions, the app's shortcuts among them"],
  ]],
];

/** page: {clients, columns, front(client)}. Gives the two buttons of the bar. */
export class Keys {
  constructor(page) {
    this.page = page;
    this.jumper = h(
      "button.bar-button.jumper",
      { type: "button", "aria-label": "Jump to…", title: "Jump to…", "aria-haspopup": "listbox", "aria-expanded": "false", "aria-keyshortcuts": MAC ? "Meta+K" : "Control+K", onclick: () => this.jump() },
      icon("lens"), h("span", {}, "Jump to…"), h("kbd", { "aria-hidden": "true" }, `${COMMAND} K`),
    );
    this.helper = h("button.icon-button.helper", { type: "button", "aria-label": "Keys", title: "Keys (?)", "aria-haspopup": "dialog", onclick: () => this.show() }, h("b", { "aria-hidden": "true" }, "?"));
    document.addEventListener("keydown", (event) => this.key(event));
  }

  key(event) {
    if (event.defaultPrevented || event.isComposing) return;
    const { key } = event;
    const resting = this.layer || document.activeElement?.closest?.('[role="dialog"]');
    const typing = document.activeElement?.matches?.("input, textarea, select");
    if ((event.ctrlKey || event.metaKey) && key.toLowerCase() === "k" && !event.shiftKey && !event.altKey) this.jump();
    else if (key === "?" && !typing && !resting) this.show();
    else if (key === "F6" && !resting) this.window(event.shiftKey ? "ArrowUp" : "ArrowDown");
    else if (event.altKey && ["ArrowUp", "ArrowDown"].includes(key) && !resting) this.beside(key);
    else return;
    event.preventDefault();
  }

  /** Every place of everybody, by any of its words. */
  jump() {
    if (this.layer || this.jumper.getAttribute("aria-expanded") === "true") return;
    const before = document.activeElement;
    const went = (option) => {
      const [user, place] = option.value.split(" ");
      const client = this.page.clients.get(user);
      this.page.front(client);
      client.go(place);
      client.focusPlace();
    };
    const left = () => document.activeElement === this.jumper && before?.isConnected && before !== document.body && before.focus({ preventScroll: true });
    openList(this.jumper, { chosen: [], groups: this.places() }, { label: "places", search: true, onClose: left, pick: (option, close) => { close(false); went(option); } });
  }

  places() {
    const ready = [...this.page.clients.values()].filter((client) => client.person.ready);
    return ready.map((client) => ({
      label: client.person.user.real_name,
      options: client.nav.places().map(({ place, name, unread }) => ({
        value: `${client.person.id} ${place}`,
        text: { type: "plain_text", text: name },
        description: { type: "plain_text", text: [client.person.user.real_name, unread ? `${unread} unread` : ""].filter(Boolean).join(" · ") },
      })),
    }));
  }

  get here() {
    const user = document.activeElement?.closest?.(".client")?.dataset.user;
    return this.page.clients.get(user);
  }

  window(key) {
    const shown = this.page.columns.map((column) => column.active);
    const at = shown.indexOf(this.here);
    shown[at < 0 ? 0 : step(key, at, shown.length)]?.focusPlace();
  }

  beside(key) {
    const client = this.here || this.page.columns[0]?.active;
    const all = client?.nav.places().map((one) => one.place) || [];
    const to = step(key, all.indexOf(client.place), all.length);
    if (to === null) return;
    client.go(all[to]);
    client.focusPlace();
  }

  show() {
    const before = document.activeElement;
    const rest = [...document.body.children];
    const close = () => {
      this.layer.remove();
      this.layer = null;
      for (const node of rest) node.inert = false;
      before?.focus?.({ preventScroll: true });
    };
    const parts = dialog({ title: "Keys", onClose: close });
    parts.box.classList.add("keys");
    parts.body.append(...KEYS.map(([title, rows]) => h("section", {}, h("h3", {}, title), h("dl", {}, rows.map(row)))));
    this.layer = h("div.layer.page-layer", {}, parts.shade);
    for (const node of rest) node.inert = true;
    document.body.append(this.layer);
    parts.head.querySelector("button").focus();
  }
}

function row(parts) {
  const keys = parts.slice(0, -1).flatMap((combo, no) => [no ? " or " : "", combo.map((key, at) => [at ? " " : "", h("kbd", {}, key)])]);
  return h("div.key-row", {}, h("dt", {}, keys), h("dd", {}, parts.at(-1)));
}
