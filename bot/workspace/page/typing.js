// "Tom is typing…": told to the others of a channel while somebody writes there, and shown for a few seconds.
import { h } from "./dom.js";

const TELL_EVERY = 3000;
const SHOWN_FOR = 5000;

export class Typing {
  constructor(client) {
    this.client = client;
    this.told = 0;
    this.timers = new Map();
    // Not read aloud: it would speak over what is being written.
    this.node = h("p.typing", { "aria-hidden": "true" });
  }

  /** This person has typed something. The bot cannot see it, so in direct messages nobody is told. */
  tell(text) {
    const { person, channel, thread } = this.client;
    const room = person.channels.get(channel);
    if (!text.trim() || text.startsWith("/") || !room || room.kind === "im" || Date.now() - this.told < TELL_EVERY) return;
    this.told = Date.now();
    person.act({ do: "typing", channel, thread_ts: thread || undefined });
  }

  /** Somebody else types here. */
  heard(user) {
    this.stop(user);
    this.timers.set(user, setTimeout(() => this.stop(user), SHOWN_FOR));
    this.draw();
  }

  /** They have sent it, or stopped; without a name: another place is open. */
  stop(user) {
    for (const one of user ? [user] : [...this.timers.keys()]) {
      clearTimeout(this.timers.get(one));
      this.timers.delete(one);
    }
    this.draw();
  }

  draw() {
    const names = [...this.timers.keys()].map((user) => this.client.person.names.user(user) || "Somebody");
    this.node.textContent = names.length ? `${names.join(", ")} ${names.length > 1 ? "are" : "is"} typing…` : "";
  }
}
