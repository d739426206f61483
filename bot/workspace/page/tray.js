// Files that wait in the composer until they are sent: a small picture or a name for each, and a way to take it out again.
import { h, icon, replace } from "./dom.js";

const MEGA = 1e6;
export const size = (bytes) => (bytes < MEGA ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / MEGA).toFixed(1)} MB`);

export class Tray {
  /** most(): bytes that a file may have. refuse(text) says what was not taken; changed() follows every change. */
  constructor({ most, refuse, changed }) {
    Object.assign(this, { most, refuse, changed });
    this.files = [];
    this.node = h("ul.tray", { "aria-label": "Files to send", hidden: true });
  }

  add(files) {
    for (const file of files) {
      const why = this.wrong(file);
      if (why) this.refuse(why);
      else this.files.push({ file, url: file.type.startsWith("image/") ? URL.createObjectURL(file) : "" });
    }
    this.draw();
  }

  wrong(file) {
    const name = file.name || "The picture";
    if (!file.size) return `${name} is empty, so it was not attached.`;
    const most = this.most();
    return file.size > most ? `${name} has ${size(file.size)}; a file has at most ${size(most)}.` : "";
  }

  /** The files of another draft. */
  show(files) {
    this.files = files;
    this.draw();
  }

  /** Take out what has been sent. */
  clear() {
    for (const one of this.files) URL.revokeObjectURL(one.url);
    this.files = [];
    this.draw();
  }

  drop(one) {
    URL.revokeObjectURL(one.url);
    this.files = this.files.filter((other) => other !== one);
    this.draw();
  }

  draw() {
    this.node.hidden = !this.files.length;
    replace(this.node, this.files.map((one) => this.row(one)));
    this.changed();
  }

  row(one) {
    const name = one.file.name || "image.png";
    const shown = one.url ? h("img.tray-picture", { src: one.url, alt: "" }) : icon("clip");
    const out = h("button.icon-button.tiny-button", { type: "button", "aria-label": `Take out ${name}`, title: "Take out", onclick: () => this.drop(one) }, icon("close"));
    return h("li.tray-file", {}, shown, h("span.tray-name", {}, name), h("small", {}, size(one.file.size)), out);
  }
}
