// Where one writes: Enter sends, Shift+Enter breaks the line, "/" completes the app's commands, "@" people, files by clip, drop or paste.
import { h, icon, replace, uid } from "./dom.js";
import { reason } from "./socket.js";
import { menu, step } from "./popup.js";
import { Tray } from "./tray.js";

export class Composer {
  /** client: {person, channel, thread, send(text), problem(answer), leaveThread(), editLast()} */
  constructor(client) {
    this.client = client;
    this.matches = [];
    this.drafts = new Map();
    this.place = "";
    this.at = 0;
    const listId = uid("commands");
    this.list = h("div.completions", { role: "listbox", id: listId, "aria-label": "Suggestions", hidden: true });
    this.field = h("textarea.compose", {
      rows: 1, "aria-autocomplete": "list", "aria-controls": listId, "aria-label": "Message", spellcheck: "true",
      oninput: () => this.typed(), onkeydown: (event) => this.key(event), onblur: () => setTimeout(() => this.hide(), 120),
      onpaste: (event) => this.files(event, event.clipboardData),
    });
    this.chip = h("div.thread-chip", { hidden: true });
    this.prompts = h("div.prompts", { hidden: true });
    const picker = h("input", { type: "file", multiple: true, hidden: true, tabindex: -1, "aria-label": "Files to attach" });
    picker.addEventListener("change", () => {
      this.attach([...picker.files]);
      picker.value = "";
    });
    const clip = h("button.icon-button", { type: "button", "aria-label": "Attach a file", title: "Attach a file", onclick: () => this.choose(clip, picker) }, icon("clip"));
    this.sender = h("button.icon-button.send", { type: "button", "aria-label": "Send", title: "Send (Enter)", disabled: true, onclick: () => this.send() }, icon("send"));
    const row = h("div.compose-row", {}, clip, picker, this.field, this.sender);
    this.trouble = h("p.trouble", { role: "alert" });
    this.tray = new Tray({ most: () => client.person.largestFile || Infinity, refuse: (text) => this.refuse(text), changed: () => this.ready() });
    this.node = h("div.composer", {}, this.prompts, this.list, this.trouble, h("div.compose-box", {}, this.chip, this.tray.node, row));
  }

  /** A file of this machine's; or, where the workspace has some, a picture to try it with. */
  choose(clip, picker) {
    const { pictures } = this.client.person;
    if (!pictures?.length) return picker.click();
    const title = (name) => name.replace(/\.\w+$/, "").replaceAll("-", " ");
    const sample = (name) => ({ label: `Picture: ${title(name)}`, icon: "eye", run: () => this.fetch(name) });
    return menu(clip, [{ label: "A file of yours…", icon: "clip", run: () => picker.click() }, null, ...pictures.map(sample), null, { label: "A voice clip of what I typed", icon: "mic", run: () => this.speak() }], "Attach");
  }

  /** What stands in the field goes as said, and not as written: a clip with its transcript, as Slack makes one. */
  async speak() {
    const said = this.field.value.trim();
    if (!said) return this.refuse("Type first what is to be said in it.");
    const { person, channel, thread } = this.client;
    const answer = await person.upload(channel, [new File([silence()], "voice.wav", { type: "audio/wav" })], "", thread, said);
    if (!answer.ok) return this.refuse(reason(answer));
    this.field.value = "";
    return this.changed();
  }

  async fetch(name) {
    const answer = await fetch(`/ui/pictures/${encodeURIComponent(name)}`).catch(() => null);
    if (!answer?.ok) return this.refuse(`${name} is not there any more.`);
    return this.attach([new File([await answer.blob()], name, { type: "image/png" })]);
  }

  /** Show where a message would go. */
  aim(title, thread) {
    this.field.setAttribute("aria-label", thread ? "Reply in thread" : `Message ${title}`);
    this.field.placeholder = thread ? "Reply…" : `Message ${title}`;
    this.chip.hidden = !thread;
    if (!thread) return;
    const leave = h("button.icon-button.tiny-button", { type: "button", "aria-label": "Leave the thread", onclick: () => this.client.leaveThread() }, icon("close"));
    replace(this.chip, icon("reply"), h("span", {}, "Replying to ", h("q", {}, thread)), leave);
  }

  /** Another place has another draft. */
  turn(place) {
    if (place === this.place) return;
    this.drafts.set(this.place, { text: this.field.value, files: this.tray.files });
    const { text, files } = this.drafts.get(place) || { text: "", files: [] };
    this.place = place;
    this.field.value = text;
    this.tray.show(files);
    this.changed();
    this.hide();
  }

  suggest(event) {
    this.prompts.hidden = !event?.prompts?.length;
    if (this.prompts.hidden) return;
    const one = (prompt) => h("button.prompt", { type: "button", onclick: () => this.client.send(prompt.message) }, prompt.title);
    replace(this.prompts, h("span.prompts-title", {}, event.title || "Try asking"), event.prompts.map(one));
  }

  fill(text) {
    this.field.value = text;
    this.changed();
    this.hide();
    this.field.focus();
    this.field.setSelectionRange(text.length, text.length);
  }

  /** What was refused, said above the line where it was typed; gone with the next letter. */
  refuse(text) {
    this.trouble.textContent = text;
  }

  ready() {
    this.sender.disabled = !this.field.value.trim() && !this.tray.files.length;
  }

  typed() {
    this.changed();
    this.client.typing.tell(this.field.value);
  }

  changed() {
    this.ready();
    this.refuse("");
    this.field.style.height = "auto";
    // A window that is not shown has no height; what stands in it is measured when it comes forward.
    const tall = this.field.scrollHeight;
    if (tall) this.field.style.height = `${Math.min(tall, 180)}px`;
    this.complete();
  }

  async send() {
    const text = this.field.value.trim();
    if (this.tray.files.length) return this.sendFiles(text);
    if (!text) return undefined;
    this.field.value = "";
    this.changed();
    const answer = await this.client.send(text);
    if (answer.ok) return undefined;
    if (!this.field.value) this.fill(text);
    return this.refuse(reason(answer));
  }

  /** One message with all files of the tray. They stay there when it does not go. */
  async sendFiles(text) {
    const { person, channel, thread } = this.client;
    if (this.node.getAttribute("aria-busy") === "true") return;
    this.node.setAttribute("aria-busy", "true");
    const answer = await person.upload(channel, this.tray.files.map((one) => one.file), text, thread);
    this.node.removeAttribute("aria-busy");
    if (!answer.ok) return this.refuse(reason(answer));
    this.tray.clear();
    if (this.field.value.trim() === text) this.field.value = "";
    this.changed();
  }

  key(event) {
    if (event.isComposing) return;
    if (!this.list.hidden && this.listKey(event)) return event.preventDefault();
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.send();
    } else if (event.key === "Escape" && this.client.thread) this.client.leaveThread();
    else if (event.key === "ArrowUp" && !event.altKey && !this.field.value && this.client.editLast()) event.preventDefault();
    return undefined;
  }

  listKey(event) {
    const to = ["Home", "End"].includes(event.key) ? null : step(event.key, this.at, this.matches.length);
    if (to !== null) this.mark(to);
    else if (event.key === "Tab" || (event.key === "Enter" && this.field.value.trim() !== this.matches[this.at].text.trim())) this.take(this.matches[this.at]);
    else if (event.key === "Escape") this.hide();
    else return false;
    event.stopPropagation();
    return true;
  }

  complete() {
    const before = this.field.value.slice(0, this.field.selectionStart);
    this.matches = [...commandMatches(before, this.client.person.commands || []), ...peopleMatches(before, this.client)];
    if (!this.matches.length) return this.hide();
    const rows = this.matches.map((match, no) => h("div.completion", { role: "option", id: uid("c"), "aria-selected": "false", onpointerdown: (event) => {
      event.preventDefault();
      this.take(this.matches[no]);
    } }, h("strong", {}, match.label), match.hint ? h("code", {}, match.hint) : null, h("span", {}, match.description || "")));
    replace(this.list, rows);
    this.list.hidden = false;
    return this.mark(0);
  }

  mark(at) {
    this.at = at;
    [...this.list.children].forEach((row, no) => {
      row.classList.toggle("active", no === at);
      row.setAttribute("aria-selected", String(no === at));
    });
    this.field.setAttribute("aria-activedescendant", this.list.children[at].id);
    this.list.children[at].scrollIntoView({ block: "nearest" });
  }

  take(match) {
    const after = this.field.value.slice(this.field.selectionStart);
    this.field.value = match.text + after;
    this.field.setSelectionRange(match.text.length, match.text.length);
    this.changed();
  }

  hide() {
    this.list.hidden = true;
    this.field.removeAttribute("aria-activedescendant");
  }

  /** Dropped or pasted. */
  files(event, data) {
    const files = [...(data?.files || [])];
    if (!files.length) return;
    event.preventDefault();
    this.attach(files);
  }

  attach(files) {
    this.refuse("");
    this.tray.add(files);
    this.field.focus();
  }
}

/** A tenth of a second of it, as WAV: 8 bits, 8000 a second. */
function silence() {
  const bytes = new Uint8Array(844).fill(128, 44);
  const view = new DataView(bytes.buffer);
  [...["RIFF", "WAVE", "fmt ", "data"].entries()].forEach(([no, word]) => [...word].forEach((letter, at) => { bytes[[0, 8, 12, 36][no] + at] = letter.charCodeAt(0); }));
  for (const [at, value] of [[4, 836], [16, 16], [24, 8000], [28, 8000], [40, 800]]) view.setUint32(at, value, true);
  for (const [at, value] of [[20, 1], [22, 1], [32, 1], [34, 8]]) view.setUint16(at, value, true);
  return bytes;
}

/** "/su" -> the commands that begin so; "/support st" -> the words of its usage hint ("help | status | ..."). */
function commandMatches(before, commands) {
  if (!/^\/[^\n]*$/.test(before)) return [];
  const [name, ...words] = before.split(" ");
  if (!words.length) {
    const all = commands.filter((one) => one.command.startsWith(name));
    return all.map((one) => ({ label: one.command, text: `${one.command} `, hint: one.usage_hint, description: one.description }));
  }
  const command = commands.find((one) => one.command === name);
  const rest = words.join(" ");
  const choices = (command?.usage_hint || "").split("|").map((choice) => choice.trim().replace(/^\[|\]$/g, "").trim());
  const fitting = choices.filter((choice) => /^[a-z][a-z -]*$/.test(choice) && choices.length > 1 && choice.startsWith(rest) && choice !== rest);
  return fitting.map((choice) => ({ label: choice, text: `${name} ${choice}`, description: "" }));
}

function peopleMatches(before, { person, channel }) {
  const hit = /(?:^|\s)@([\p{L}]*)$/u.exec(before);
  const room = person.channels.get(channel);
  if (!hit || !room || room.kind === "im") return [];
  const users = (room.members || []).map((id) => person.users.get(id)).filter((user) => user && user.id !== person.id);
  const fits = users.filter((user) => `${user.name} ${user.real_name}`.toLowerCase().includes(hit[1].toLowerCase()));
  const at = before.length - hit[1].length - 1;
  return fits.map((user) => ({ label: `@${user.name}`, text: `${before.slice(0, at)}@${user.name} `, description: user.real_name }));
}
