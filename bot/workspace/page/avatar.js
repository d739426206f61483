// Faces: initials on a person's own colour; the bot has a drawn mask.
import { h, icon } from "./dom.js";

const COLOURS = { U0MIA: "coral", U0TOM: "blue", U0AGENT: "teal" };
const OTHERS = ["plum", "olive", "coral", "blue"];

const initials = (name) => name.split(/\s+/).filter(Boolean).map((word) => word[0]).slice(0, 2).join("").toUpperCase();

export function colourOf(user) {
  if (user?.is_bot || user?.role === "bot") return "bot";
  return COLOURS[user?.id] || OTHERS[[...String(user?.id || "")].reduce((sum, char) => sum + char.charCodeAt(0), 0) % OTHERS.length];
}

export function avatar(user, small = false) {
  const colour = colourOf(user);
  const inner = colour === "bot" ? icon("mask", "", "mask") : initials(user?.real_name || user?.name || "?");
  return h(`span.avatar.${colour}${small ? ".small" : ""}`, { "aria-hidden": "true" }, inner);
}
