// What one can do with a message: react, reply, and the "..." menu with the app's message shortcuts, edit and delete.
import { h, icon, replace, uid } from "./dom.js";
import { emoji, REACTIONS } from "./emoji.js";
import { confirmDialog } from "./dialog.js";
import { float, menu, step } from "./popup.js";
import { unescape } from "./mrkdwn.js";

/** One toolbar a message list: it moves to the message under the pointer or the focus. */
export class Toolbar {
  constructor(client) {
    this.client = client;
    this.react = h("button.icon-button", { type: "button", "aria-label": "Add a reaction", title: "Add a reaction", "aria-haspopup": "menu", onclick: () => this.reactions() }, icon("smile"));
    this.reply = h("button.icon-button", { type: "button", "aria-label": "Reply in thread", title: "Reply in thread", onclick: () => client.replyTo(this.view.message) }, icon("reply"));
    this.more = h("button.icon-button", { type: "button", "aria-label": "More actions", title: "More actions", "aria-haspopup": "menu", "aria-expanded": "false", onclick: () => this.menu() }, icon("more"));
    this.node = h("div.toolbar", { role: "toolbar", "aria-label": "Message actions" }, this.react, this.reply, this.more);
  }

  attach(view) {
    if (this.view === view && view.node.contains(this.node)) return;
    if (this.more.getAttribute("aria-expanded") === "true" || document.querySelector(".reaction-picker")) return;
    this.view = view;
    const { message } = view;
    const quiet = view.node.classList.contains("quiet-message") || message.subtype === "tombstone" || view.editing;
    this.node.hidden = quiet;
    this.react.hidden = this.reply.hidden = Boolean(message.ephemeral);
    view.node.append(this.node);
  }

  menu() {
    const { view, client } = this;
    const { message } = view;
    const shortcuts = message.ephemeral ? [] : (client.person.shortcuts || []).filter((one) => one.type === "message");
    const items = shortcuts.map((one) => ({ label: one.name, icon: "bolt", hint: client.person.app?.name, run: () => client.shortcut(one, message) }));
    if (!message.ephemeral) {
      if (items.length) items.push(null);
      items.push({ label: "Copy link", icon: "clip", run: () => client.copyLink(message) });
    }
    items.push({ label: "Copy text", icon: "pen", run: () => client.copy(unescape(message.text)) });
    if (view.mine) {
      items.push(null, { label: "Edit message", icon: "pen", run: () => edit(view, client) });
      items.push({ label: "Delete message", icon: "bin", danger: true, run: () => remove(view, client) });
    }
    menu(this.more, items, "Message actions");
  }

  reactions() {
    const { view, client } = this;
    const buttons = REACTIONS.map((name) => h("button.icon-button", { type: "button", role: "menuitem", "aria-label": name.replaceAll("_", " "), onclick: () => pick(name) }, emoji(name)));
    const box = h("div.reaction-picker", { role: "menu", "aria-label": "Reactions" }, buttons);
    const close = float(box, this.react);
    const pick = (name) => {
      close(true);
      client.react(view.message, name);
    };
    box.addEventListener("keydown", (event) => {
      const key = { ArrowRight: "ArrowDown", ArrowLeft: "ArrowUp" }[event.key] || event.key;
      const to = step(key, buttons.indexOf(document.activeElement), buttons.length);
      if (to !== null) buttons[to].focus();
      else if (event.key === "Escape" || event.key === "Tab") close(true);
      else return;
      event.preventDefault();
    });
    buttons[0].focus();
  }
}

/** Edit one's own message in its place. */
export function edit(view, client) {
  if (view.editing) return;
  view.editing = true;
  const id = uid("edit");
  const field = h("textarea.field", { id, rows: 2 });
  field.value = unescape(view.message.text).replace(/<(https?:[^|>]+|mailto:[^|>]+)(?:\|[^>]*)?>/g, "$1");
  const done = () => {
    view.editing = false;
    view.draw();
    view.node.focus({ preventScroll: true });
  };
  const save = async () => {
    const text = field.value.trim();
    if (text) {
      const answer = await client.person.act({ do: "edit", channel: view.channel, ts: view.message.ts, text });
      if (!answer.ok) client.problem(answer);
    }
    done();
  };
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") done();
    else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) save();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  const label = h("label.sr", { for: id }, "Edit message");
  const cancel = h("button.button.slim", { type: "button", onclick: done }, "Cancel");
  const ok = h("button.button.slim.primary", { type: "button", onclick: save }, "Save");
  replace(view.body, label, field, h("div.edit-row", {}, cancel, ok, h("small", {}, "Enter saves, Escape cancels")));
  field.focus();
}

async function remove(view, client) {
  const sure = await confirmDialog(client.layer, {
    title: "Delete this message?", text: "It disappears for everybody. The bot is told, and takes its answer back.",
    confirm: "Delete", deny: "Keep", danger: true,
  });
  if (!sure) return;
  const answer = await client.person.act({ do: "delete", channel: view.channel, ts: view.message.ts });
  if (!answer.ok) client.problem(answer);
}
