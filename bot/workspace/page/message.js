// One message: face, name, time, body, files, reactions. The toolbar that floats over it is toolbar.js's.
import { add, clock, focusAgain, focusedIn, h, icon, picture, replace } from "./dom.js";
import { avatar } from "./avatar.js";
import { renderBody } from "./blocks.js";
import { emoji } from "./emoji.js";
import { mrkdwn } from "./mrkdwn.js";
import { size } from "./tray.js";

const JOINED = ["channel_join", "group_join"];
const contentKey = (m) => JSON.stringify([m.text, m.blocks, m.files, m.tasks, m.streaming, m.edited, m.subtype]);

export class MessageView {
  /** client: {person, click(scope, ...), react(message, name), selected(message)} */
  constructor(message, channel, client) {
    this.client = client;
    this.channel = channel;
    this.feedback = new Map();
    this.author = h("strong.author");
    this.head = h("header.message-head");
    this.body = h("div.body");
    this.reactions = h("div.reactions");
    this.trouble = h("p.trouble", { role: "alert" });
    this.face = h("div.face");
    this.node = h("article.message", { tabindex: -1, dataset: { ts: message.ts } }, this.face, h("div.main", {}, this.head, this.body, this.trouble, this.reactions));
    this.node.addEventListener("focusin", () => client.selected(this));
    this.node.addEventListener("pointerenter", () => client.hovered(this));
    this.node.addEventListener("click", () => client.selected(this));
    this.update(message);
  }

  update(message) {
    const key = contentKey(message);
    this.message = message;
    if (key !== this.key) this.draw();
    this.key = key;
    this.drawReactions();
  }

  get user() {
    const { person } = this.client;
    return person.users.get(this.message.user) || (this.message.bot_id ? person.bot : null) || { id: this.message.user, name: "unknown" };
  }

  get mine() {
    return this.message.user === this.client.person.id && !this.message.ephemeral && !this.message.subtype?.startsWith("channel_");
  }

  draw() {
    const { message, user } = this;
    const quiet = JOINED.includes(message.subtype);
    this.node.className = ["message", message.ephemeral ? "ephemeral" : "", quiet ? "quiet-message" : "", message.streaming ? "streaming" : ""].join(" ").trim();
    const gone = message.subtype === "tombstone";
    this.name = gone ? "Deleted" : user.real_name || user.name;
    this.node.setAttribute("aria-label", `${this.name}, ${clock(message.ts)}`);
    replace(this.face, gone ? null : avatar(user));
    this.author.textContent = gone ? "" : this.name;
    const bot = !gone && (user.is_bot || user.role === "bot") ? h("span.tag", {}, "bot") : null;
    const edited = message.edited ? h("span.edited", {}, "(edited)") : null;
    replace(this.head, this.author, bot, h("time.time", {}, clock(message.ts)), edited);
    if (message.ephemeral) this.head.append(h("span.only-you", {}, icon("eye"), "Only visible to you"));
    this.drawBody();
  }

  drawBody() {
    const { message } = this;
    this.trouble.replaceChildren();
    const focused = focusedIn(this.node);
    replace(this.body);
    if (message.subtype === "tombstone") this.body.append(h("p.gone", {}, "This message was deleted."));
    else {
      add(this.body, [tasks(message.tasks), renderBody(message, this.context()), files(message.files), attachments(message, this.context())]);
    }
    if (focused) focusAgain(this.node, focused);
  }

  context() {
    const { client, channel, message } = this;
    const key = (block, element) => `${block.block_id} ${element.action_id}`;
    return {
      person: client.person,
      names: client.person.names,
      layer: client.layer,
      scope: { channel, ts: message.ts },
      live: () => true,
      problem: (answer) => client.problem(answer, this.trouble),
      click: (block, element, value) => client.click({ channel, ts: message.ts }, block, element, value, this.trouble),
      chosen: (block, element, side) => this.feedback.set(key(block, element), side),
      was: (block, element) => this.feedback.get(key(block, element)),
    };
  }

  drawReactions() {
    const list = this.message.reactions || [];
    const key = JSON.stringify(list);
    if (key === this.reactionKey) return;
    this.reactionKey = key;
    replace(this.reactions, list.map((reaction) => this.reaction(reaction)));
  }

  reaction({ name, users, count }) {
    const { person } = this.client;
    const who = users.map((id) => person.names.user(id) || id).join(", ");
    const mine = users.includes(person.id);
    const onclick = () => this.client.react(this.message, name);
    return h("button.reaction", { type: "button", "aria-pressed": String(mine), title: who, "aria-label": `${name.replaceAll("_", " ")}, ${count}: ${who}`, onclick }, emoji(name), h("span", {}, String(count)));
  }
}

const STEP_ICON = { complete: "check", error: "close" };

function tasks(list) {
  if (!list?.length) return null;
  const one = (task) => h(`li.task.${String(task.status || "").replace(/\W/g, "_")}`, {}, STEP_ICON[task.status] ? icon(STEP_ICON[task.status]) : h("span.spinner"), h("span", {}, String(task.title || "")));
  return h("ul.tasks", {}, list.map(one));
}

function files(list) {
  if (!list?.length) return null;
  return h("div.files", {}, list.map((file) => {
    const url = new URL(file.url_page || "", location.origin).href;
    const name = file.title || file.name;
    const isPicture = String(file.mimetype || "").startsWith("image/") && !file.mimetype.includes("svg");
    const said = file.transcription?.preview?.content;
    const link = () => h("a.file-link", { href: url, target: "_blank", rel: "noopener" }, h("span.file", {}, icon(said ? "mic" : "clip"), name, h("small", {}, size(file.size || 0))));
    if (said) return h("figure.voice", {}, link(), h("figcaption", {}, h("q", {}, said), file.transcription.preview.has_more ? "…" : null));
    if (!isPicture) return link();
    const shown = picture(url, file.alt_txt || name, "full", [file.original_w, file.original_h]);
    return h("figure.file-picture", {}, h("figcaption", {}, name), h("a.file-link", { href: url, target: "_blank", rel: "noopener" }, shown));
  }));
}

/** Old-style attachments: enough to read them. */
function attachments(message, ctx) {
  return (message.attachments || []).map((one) => h("div.attachment", {}, one.blocks ? renderBody(one, ctx) : mrkdwn(one.text || one.fallback || "", ctx.names)));
}
