import { escaped, tooltip } from "./palette.js";

const ROW = 24;

/** Draw units by indicators; a cell's tint is its share of the full marks, its words come on hover. */
export function heatmap(data, tokens) {
  const words = ({ value }) => {
    const [column, row, , said] = value;
    const name = data.columns[column];
    return `${escaped(data.rows[row].name)}<br>${escaped(name.code)} ${escaped(name.name)}<br><b>${escaped(said)}</b>`;
  };
  const cells = data.cells.map(([row, column, rate, said]) =>
    rate === null
      ? { value: [column, row, 0, said, "—"], visualMap: false, itemStyle: { color: tokens.tag } }
      : [column, row, rate, said, String(Math.round(rate))],
  );
  const lowest = Math.min(100, ...data.cells.map((cell) => cell[2]).filter((rate) => rate !== null));
  const option = (width) => ({
    grid: { left: 118, right: 8, top: 30, bottom: 8 },
    tooltip: { ...tooltip(tokens), formatter: words },
    xAxis: {
      type: "category",
      position: "top",
      data: data.columns.map((column) => column.code),
      axisTick: { show: false },
      axisLine: { show: false },
      axisLabel: { color: tokens.text, fontSize: 11.5, interval: 0 },
    },
    yAxis: {
      type: "category",
      inverse: true,
      data: data.rows.map((row) => row.name),
      axisTick: { show: false },
      axisLine: { show: false },
      axisLabel: { color: tokens.text, fontSize: 12.5, interval: 0, width: 106, overflow: "truncate" },
    },
    visualMap: {
      show: false,
      type: "continuous",
      dimension: 2,
      min: Math.min(60, lowest),
      max: 100,
      inRange: { color: ["#e09a92", "#ecc2a0", "#f4e3c1", "#e4ebe4", "#b5d5c5"] },
    },
    series: [
      {
        type: "heatmap",
        data: cells,
        label: { show: (width - 126) / data.columns.length >= 20, color: tokens.ink, fontSize: 10.5, formatter: ({ value }) => value[4] },
        itemStyle: { borderColor: tokens.surface, borderWidth: 1.5, borderRadius: 2 },
        emphasis: { itemStyle: { borderColor: tokens.ink, borderWidth: 1 } },
      },
    ],
  });
  const linkOf = (event) => {
    if (event.componentType !== "series") return undefined;
    const [column, row] = event.value;
    const code = encodeURIComponent(data.columns[column].code);
    return data.opens ? `${data.rows[row].href}?open=${code}#${code}` : data.rows[row].href;
  };
  return { option, height: 38 + data.rows.length * ROW, linkOf };
}
