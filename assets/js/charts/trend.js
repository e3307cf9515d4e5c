import { escaped, figure, tooltip } from "./palette.js";

/** Draw the scores by quarter over tinted grade bands; the last point carries its figure. */
export function trend(data, tokens) {
  const last = data.own.values.length - 1;
  const area = data.bands.map((band) => [
    {
      yAxis: band.from,
      name: band.name,
      itemStyle: { color: tokens.tones[band.tone].band, opacity: 1 },
      label: { position: "right", color: tokens.tones[band.tone].text, fontSize: 12.5, distance: 6 },
    },
    { yAxis: band.to },
  ]);
  const words = (points) => {
    const at = points[0].dataIndex;
    const own = `${escaped(data.periods[at])}<br>${escaped(data.own.name)}　<b>${figure(data.own.values[at])}</b>`;
    return data.average ? `${own}<br>${escaped(data.average.name)}　${figure(data.average.values[at])}` : own;
  };
  const option = () => ({
    grid: { left: 34, right: 40, top: 14, bottom: 26 },
    tooltip: { ...tooltip(tokens), trigger: "axis", formatter: words, axisPointer: { lineStyle: { color: tokens.average } } },
    xAxis: {
      type: "category",
      data: data.periods,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: tokens.line } },
      axisLabel: { color: tokens.text, fontSize: 12.5, hideOverlap: true },
    },
    yAxis: {
      type: "value",
      min: data.min,
      max: data.max,
      interval: data.interval ?? 10,
      splitLine: { lineStyle: { color: tokens.line } },
      axisLabel: { color: tokens.text, fontSize: 12.5 },
    },
    series: [
      {
        type: "line",
        name: data.own.name,
        data: data.own.values.map((value, at) => ({
          value,
          label: {
            show: at === last && value !== null,
            formatter: () => figure(value),
            position: "top",
            color: tokens.ink,
            fontSize: 12.5,
            fontWeight: 600,
          },
        })),
        symbol: "circle",
        symbolSize: 7,
        itemStyle: { color: tokens.surface, borderColor: tokens.brand, borderWidth: 2 },
        lineStyle: { color: tokens.brand, width: 2 },
        markArea: { silent: true, data: area },
        z: 3,
      },
      ...(data.average
        ? [
            {
              type: "line",
              name: data.average.name,
              data: data.average.values,
              symbol: "none",
              lineStyle: { color: tokens.average, width: 1.5, type: [6, 4] },
              silent: true,
              z: 2,
            },
          ]
        : []),
    ],
  });
  return { option };
}
