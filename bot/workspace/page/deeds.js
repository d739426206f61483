// What a person does in a client: say, click, react, use shortcuts, follow links; and what is said back in a toast.
import { h, icon } from "./dom.js";
import { edit } from "./toolbar.js";
import { reason } from "./socket.js";

const TOAST_MS = 7000;
const PERMALINK = /\/archives\/([A-Z0-9]+)\/p(\d+)(\d{6})\b/;

/** Wants from its heir: person, channel, place, thread, list, toasts, go(place). */
export class Deeds {
  async send(text) {
    const { channel, person, thread } = this;
    const command = /^(\/[a-z][\w-]*)(?:\s+([\s\S]*))?$/i.exec(text);
    const to = thread ? { thread_ts: thread } : {};
    this.composer.suggest(null);
    if (command) this.list?.follow();
    if (command) return person.act({ do: "command", channel, command: command[1], text: command[2] || "", ...to });
    return person.act({ do: "say", channel, text, ...to });
  }

  editLast() {
    const mine = [...(this.list?.views.values() || [])].filter((view) => view.mine).at(-1);
    if (mine) edit(mine, this);
    return Boolean(mine);
  }

  async click(scope, block, element, value, near) {
    near?.replaceChildren();
    const answer = await this.person.act({ do: "click", ...scope, block_id: block.block_id, action_id: element.action_id, value });
    if (!answer.ok) this.problem(answer, near);
    return answer;
  }

  async react(message, name) {
    const answer = await this.person.act({ do: "react", channel: this.channel, ts: message.ts, name });
    if (!answer.ok) this.problem(answer);
  }

  async shortcut({ callback_id: id }, message) {
    const where = message ? { channel: this.channel, ts: message.ts } : {};
    const answer = await this.person.act({ do: "shortcut", callback_id: id, ...where });
    if (!answer.ok) this.problem(answer);
  }

  copyLink(message) {
    const thread = message.thread_ts && message.thread_ts !== message.ts ? `?thread_ts=${message.thread_ts}&cid=${this.channel}` : "";
    this.copy(`${location.origin}/archives/${this.channel}/p${message.ts.replace(".", "")}${thread}`);
  }

  async copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      this.toast("Copied.");
    } catch {
      this.toast(text);
    }
  }

  /** A link to a message of this workspace opens here, not in a new tab. */
  async permalink(event) {
    const address = event.target.closest?.("a[href]")?.href || "";
    if (!PERMALINK.test(address)) return;
    event.preventDefault();
    const { shown } = this.modals;
    // A window that only says something has been read; one that asks for something stays.
    if (shown && !shown.view.submit && this.layer.contains(event.target)) await this.modals.close();
    this.goTo(address);
  }

  goTo(address) {
    const [, channel, seconds, rest] = PERMALINK.exec(address);
    if (!this.person.channels.has(channel)) {
      const other = this.desk.elsewhere(channel);
      if (!other) return this.toast("You are not in that conversation.", true);
      this.toast(`It is in ${other.person.user.real_name}'s window.`);
      return other.goTo(address);
    }
    if (this.place !== channel) this.go(channel);
    const node = this.list.views.get(`${seconds}.${rest}`)?.node;
    if (!node) return this.toast("That message is no longer there.", true);
    node.hidden = false;
    node.scrollIntoView({ block: "center" });
    return node.focus();
  }

  /** Said in `near`, the line kept for it where the person clicked; without one, in a toast. */
  problem(answer, near) {
    if (near?.isConnected) near.textContent = reason(answer);
    else this.toast(reason(answer), true);
  }

  toast(text, bad = false) {
    const close = h("button.icon-button.tiny-button", { type: "button", "aria-label": "Dismiss", onclick: () => node.remove() }, icon("close"));
    const node = h(`div.toast${bad ? ".bad" : ""}`, { role: bad ? "alert" : null }, h("span", {}, text), close);
    this.toasts.append(node);
    while (this.toasts.children.length > 3) this.toasts.firstChild.remove();
    setTimeout(() => node.remove(), TOAST_MS);
  }
}
