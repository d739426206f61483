// Shortcodes (":eyes:") and characters. The few that the product itself uses are drawn in sprite.svg, so that they look the
// same on a machine without an emoji font; all others are left to the fonts.
import { icon } from "./dom.js";

const CODES = {
  "+1": "👍", thumbsup: "👍", "-1": "👎", thumbsdown: "👎", eyes: "👀", white_check_mark: "✅", heavy_check_mark: "✔️",
  x: "❌", wave: "👋", pencil2: "✏️", pencil: "📝", mag: "🔍", robot_face: "🤖", package: "📦", warning: "⚠️",
  hourglass: "⏳", hourglass_flowing_sand: "⏳", tada: "🎉", heart: "❤️", bulb: "💡", rocket: "🚀", smile: "😄",
  slightly_smiling_face: "🙂", cry: "😢", joy: "😂", fire: "🔥", star: "⭐", question: "❓", exclamation: "❗",
  raised_hands: "🙌", pray: "🙏", clap: "👏", thinking_face: "🤔", point_right: "👉", point_left: "👈", memo: "📝",
  bell: "🔔", lock: "🔒", unlock: "🔓", key: "🔑", calendar: "📅", chart_with_upwards_trend: "📈", bar_chart: "📊",
  books: "📚", book: "📖", gift: "🎁", credit_card: "💳", truck: "🚚", house: "🏠", arrows_counterclockwise: "🔄",
  leftwards_arrow_with_hook: "↩️", speech_balloon: "💬", telephone_receiver: "📞", email: "📧", no_entry: "⛔",
  large_green_circle: "🟢", large_yellow_circle: "🟡", red_circle: "🔴", large_blue_circle: "🔵", hand: "✋", raised_hand: "✋",
  bust_in_silhouette: "👤", busts_in_silhouette: "👥", sparkles: "✨", seedling: "🌱", zap: "⚡", gear: "⚙️", pushpin: "📌",
  paperclip: "📎", link: "🔗", stopwatch: "⏱️", recycle: "♻️", scroll: "📜", mortar_board: "🎓", bust: "👤", ok_hand: "👌",
};

const DRAWN = {
  "👍": "e-up", "👎": "e-down", "👀": "e-eyes", "✅": "e-check", "✔": "e-check", "❌": "e-cross", "👋": "e-wave", "✏": "e-pencil",
  "📝": "e-pencil", "🔍": "e-search", "🤖": "e-bot", "📦": "e-box", "⚠": "e-warn", "⏳": "e-hour", "🎉": "e-party",
  "❤": "e-heart", "💡": "e-bulb", "🟢": "e-green", "🟡": "e-yellow", "🔴": "e-red", "🎓": "e-cap", "👤": "e-person", "💬": "e-talk",
  "📈": "e-chart", "📊": "e-chart", "🙂": "e-smile", "😄": "e-smile", "↩": "e-back", "🔄": "e-round", "🙋": "e-person", "🚀": "e-rocket",
};
const DRAWN_RE = new RegExp(`(${Object.keys(DRAWN).join("|")})[\\uFE0E\\uFE0F]?(?:\\uD83C[\\uDFFB-\\uDFFF])?`, "u");
const NAMES = Object.fromEntries(Object.entries(CODES).map(([name, char]) => [char.replace(/\uFE0F/g, ""), name]));

/** The reactions that the picker offers. */
export const REACTIONS = ["+1", "eyes", "white_check_mark", "heart", "tada", "wave", "bulb", "-1"];

export const knownCode = (name) => Object.hasOwn(CODES, name);

/** A node for ":name:"; an unknown name stays as it was written. */
export function emoji(name) {
  const base = name.split("::")[0];
  return knownCode(base) ? character(CODES[base], base) : document.createTextNode(`:${name}:`);
}

function character(char, name) {
  const bare = char.replace(/\uFE0F/g, "");
  if (Object.hasOwn(DRAWN, bare)) return icon(DRAWN[bare], (name || NAMES[bare] || "emoji").replaceAll("_", " "), "emoji");
  return document.createTextNode(char);
}

/** Plain text as nodes, with the characters we can draw as drawings. */
export function plain(text) {
  const nodes = [];
  let rest = String(text ?? "");
  for (let hit = DRAWN_RE.exec(rest); hit; hit = DRAWN_RE.exec(rest)) {
    if (hit.index) nodes.push(document.createTextNode(rest.slice(0, hit.index)));
    nodes.push(character(hit[1]));
    rest = rest.slice(hit.index + hit[0].length);
  }
  if (rest) nodes.push(document.createTextNode(rest));
  return nodes;
}

/** Plain text in which ":name:" counts too (plain_text objects). */
export function withCodes(text) {
  return String(text ?? "").split(/(:[a-z0-9_+'-]+:)/).flatMap((part) => {
    const name = part.slice(1, -1);
    return part.startsWith(":") && part.endsWith(":") && knownCode(name) ? [emoji(name)] : plain(part);
  });
}
