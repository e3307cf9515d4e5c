import { escaped, tooltip } from "./palette.js";

const ROW = 40;

/** Draw how many units of each class have each grade: one stacked bar a class, counts written in it. */
export function distribution(data, tokens) {
  const total = (at) => data.grades.reduce((sum, grade) => sum + grade.counts[at], 0);
  const words = (points) => {
    const at = points[0].dataIndex;
    const lines = data.grades.map((grade) => `${escaped(grade.name)}　<b>${grade.counts[at]}</b> 个`);
    return `${escaped(data.classes[at])}　共 ${total(at)} 个<br>${lines.join("<br>")}`;
  };
  const option = (width) => {
    const left = Math.min(width * 0.35, 20 + 13 * Math.max(...data.classes.map((name) => name.length)));
    return {
      grid: { left, right: 12, top: 4, bottom: 4 },
      tooltip: { ...tooltip(tokens), trigger: "axis", axisPointer: { type: "none" }, formatter: words },
      xAxis: { type: "value", max: 100, show: false },
      yAxis: {
        type: "category",
        inverse: true,
        data: data.classes,
        axisTick: { show: false },
        axisLine: { show: false },
        axisLabel: { color: tokens.text, fontSize: 12.5, interval: 0 },
      },
      series: data.grades.map((grade) => ({
        type: "bar",
        name: grade.name,
        stack: "all",
        barWidth: 22,
        data: grade.counts.map((count, at) => (total(at) ? (count / total(at)) * 100 : 0)),
        itemStyle: { color: tokens.tones[grade.tone].fill, borderColor: tokens.surface, borderWidth: 1 },
        label: {
          show: true,
          color: tokens.ink,
          fontSize: 12,
          formatter: ({ dataIndex, value }) => (value * (width - left) < 3600 ? (value ? grade.counts[dataIndex] : "") : `${grade.name} ${grade.counts[dataIndex]}`),
        },
        emphasis: { disabled: true },
      })),
    };
  };
  return { option, height: 8 + data.classes.length * ROW };
}
