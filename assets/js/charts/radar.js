import { escaped, figure, tooltip } from "./palette.js";

/** Break a long name into lines of like length, so that it is not cut at the card's edge. */
function broken(name, most) {
  if (name.length <= most) return name;
  const size = Math.ceil(name.length / Math.ceil(name.length / most));
  return name.match(new RegExp(`.{1,${size}}`, "gu")).join("\n");
}

/** Draw the dimensions of a unit against its class: solid line and dashed grey. */
export function radar(data, tokens) {
  const rates = (series) => series.values.map((value, at) => (value === null ? 0 : (value / data.axes[at].max) * 100));
  const line = (series, style, extra) => ({
    name: series.name,
    value: rates(series),
    lineStyle: { width: 2, ...style },
    symbolSize: 4,
    ...extra,
  });
  const words = () =>
    data.axes
      .map((axis, at) => {
        const own = `${escaped(axis.name)}　<b>${figure(data.own.values[at])}</b> / ${figure(axis.max, 0)}`;
        return data.average ? `${own}　平均 ${figure(data.average.values[at])}` : own;
      })
      .join("<br>");
  const option = (width) => ({
    tooltip: { ...tooltip(tokens), trigger: "item", formatter: words },
    radar: {
      indicator: data.axes.map((axis) => ({ name: axis.name, max: 100, min: data.from ?? 0 })),
      radius: width < 400 ? "62%" : "74%",
      center: ["50%", "55%"],
      splitNumber: 5,
      axisName: { color: tokens.text, fontSize: 12.5, lineHeight: 17, formatter: (name) => broken(name, width < 400 ? 5 : 8) },
      splitArea: { show: false },
      splitLine: { lineStyle: { color: tokens.line } },
      axisLine: { lineStyle: { color: tokens.line } },
    },
    series: [
      {
        type: "radar",
        data: [
          ...(data.average
            ? [line(data.average, { color: tokens.average, type: [6, 4] }, { itemStyle: { color: tokens.average }, symbol: "none" })]
            : []),
          line(data.own, { color: tokens.brand }, { itemStyle: { color: tokens.brand }, areaStyle: { color: tokens.brand, opacity: 0.05 } }),
        ],
        emphasis: { disabled: true },
      },
    ],
  });
  return { option };
}
