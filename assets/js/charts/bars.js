import { escaped, figure, tooltip } from "./palette.js";

const ROW = 30;

/** Draw horizontal bars with their figures at the end; the average is a dashed line. */
export function bars(data, tokens) {
  const digits = data.digits ?? 2;
  const toneOf = (item) => tokens.tones[item.tone || "none"];
  const words = ({ dataIndex }) => {
    const item = data.items[dataIndex];
    return `${escaped(item.name)}　<b>${figure(item.value, digits)}</b>${item.note ? `<br>${escaped(item.note)}` : ""}`;
  };
  const option = (width) => {
    const left = Math.min(width * 0.42, 20 + 13 * Math.max(...data.items.map((item) => item.name.length)));
    return {
      grid: { left, right: 56, top: data.average === undefined ? 4 : 22, bottom: 4 },
      tooltip: { ...tooltip(tokens), formatter: words },
      xAxis: { type: "value", min: data.min ?? 0, max: data.max, show: false },
      yAxis: {
        type: "category",
        inverse: true,
        data: data.items.map((item) => item.name),
        axisTick: { show: false },
        axisLine: { show: false },
        axisLabel: { color: tokens.text, fontSize: 12.5, width: left - 12, overflow: "truncate", interval: 0 },
      },
      series: [
        {
          type: "bar",
          barWidth: 12,
          data: data.items.map((item) => ({
            value: item.value,
            itemStyle: { color: toneOf(item).fill, borderRadius: 2 },
            label: { show: true, position: "right", color: tokens.ink, backgroundColor: tokens.surface, padding: [1, 3], fontSize: 12.5, formatter: () => figure(item.value, digits) },
          })),
          emphasis: { disabled: true },
          ...(data.average === undefined
            ? {}
            : {
                markLine: {
                  silent: true,
                  symbol: "none",
                  z: 0,
                  data: [{ xAxis: data.average }],
                  lineStyle: { color: tokens.average, type: [6, 4], width: 1.5 },
                  label: { position: "start", formatter: `平均 ${figure(data.average, digits)}`, color: tokens.soft, fontSize: 12 },
                },
              }),
        },
      ],
    };
  };
  const linkOf = (event) => data.items[event.dataIndex] && data.items[event.dataIndex].href;
  return { option, height: 26 + data.items.length * ROW, linkOf };
}
