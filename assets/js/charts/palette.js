// The colours of the page's own tokens: one place decides, CSS.
const NAMES = [
  "ink", "text", "soft", "line", "line-strong", "brand", "blue", "amber", "amber-text", "alarm", "green", "green-text",
  "average", "surface", "bar", "tag",
];

/** Return the tokens of the page, and of each grade the colours of an area, of words and of a band. */
export function palette() {
  const style = getComputedStyle(document.documentElement);
  const read = (name) => style.getPropertyValue(`--qf-${name}`).trim();
  const tokens = Object.fromEntries(NAMES.map((name) => [name, read(name)]));
  return {
    ...tokens,
    font: read("font"),
    tones: {
      excellent: { fill: "#93c2ab", text: tokens["green-text"], band: "#eef6f2" },
      good: { fill: "#97b6dc", text: tokens.blue, band: "#f1f5fb" },
      fair: { fill: "#e2c38b", text: tokens["amber-text"], band: "#faf5ec" },
      poor: { fill: "#e09a92", text: tokens.alarm, band: "#fdf3f2" },
      none: { fill: "#aab2c1", text: tokens.soft, band: tokens.surface },
    },
  };
}

/** Escape text that goes into a tooltip: names come from people. */
export function escaped(text) {
  return String(text).replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

/** Return the look of every tooltip: paper, hairline, no shadow. */
export function tooltip(tokens) {
  return {
    backgroundColor: tokens.surface,
    borderColor: tokens["line-strong"],
    borderWidth: 1,
    padding: [8, 12],
    extraCssText: "box-shadow:none;max-width:340px;white-space:normal;line-height:1.6",
    textStyle: { color: tokens.ink, fontSize: 12.5, fontFamily: tokens.font },
    transitionDuration: 0,
    confine: true,
  };
}

/** Return a figure with the digits asked for, or the words for none. */
export function figure(value, digits = 2) {
  return value === null || value === undefined ? "不适用" : Number(value).toFixed(digits);
}
