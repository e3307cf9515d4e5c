// Draws each [data-chart] from the JSON beside it; its table stays for those who do not see the drawing.
//   radar        {axes: [{name, max}], own: {name, values}, average: {name, values}}
//   trend        {periods, own: {name, values}, average: {name, values}, bands: [{name, tone, from, to}], min, max}
//   heatmap      {rows: [{name, href}], columns: [{code, name}], cells: [[row, column, rate | null, words]],
//                 opens: a cell leads to its column's part of the row's page}
//   bars         {items: [{name, value, note, tone, href}], max, average, digits}
//   distribution {classes: [name], grades: [{name, tone, counts}]}
// Rates are percentages of the full marks; a null is "not applicable".
import { init, use } from "echarts/core";
import { BarChart, HeatmapChart, LineChart, RadarChart } from "echarts/charts";
import { GridComponent, MarkAreaComponent, MarkLineComponent, RadarComponent, TooltipComponent, VisualMapComponent } from "echarts/components";
import { CanvasRenderer } from "echarts/renderers";
import { bars } from "./charts/bars.js";
import { distribution } from "./charts/distribution.js";
import { heatmap } from "./charts/heatmap.js";
import { radar } from "./charts/radar.js";
import { trend } from "./charts/trend.js";
import { palette } from "./charts/palette.js";

use([
  BarChart, HeatmapChart, LineChart, RadarChart, GridComponent, MarkAreaComponent, MarkLineComponent,
  RadarComponent, TooltipComponent, VisualMapComponent, CanvasRenderer,
]);

const KINDS = { bars, distribution, heatmap, radar, trend };

function draw(box) {
  const kind = KINDS[box.dataset.chart];
  const place = box.querySelector(".qf-chart");
  const source = box.querySelector('script[type="application/json"]');
  if (!kind || !place || !source || box.classList.contains("qf-chart-on")) return;
  const data = JSON.parse(source.textContent);
  box.classList.add("qf-chart-on");
  const fold = box.querySelector("details.qf-chart-fold");
  if (fold) fold.open = false;
  const tokens = palette();
  const { option, height, linkOf } = kind(data, tokens, place);
  if (height) place.style.height = `${height}px`;
  const chart = init(place, undefined, { renderer: "canvas" });
  chart.setOption({
    animation: false,
    textStyle: { fontFamily: tokens.font, fontSize: 12.5, color: tokens.text },
    ...option(place.clientWidth),
  });
  if (linkOf) {
    chart.on("click", (event) => {
      const link = linkOf(event);
      if (link) window.location.assign(link);
    });
  }
  let width = place.clientWidth;
  const observer = new ResizeObserver(() => {
    if (!place.isConnected) {
      observer.disconnect();
      chart.dispose();
      return;
    }
    if (place.clientWidth === width || place.clientWidth === 0) return;
    width = place.clientWidth;
    chart.resize();
    chart.setOption(option(width));
  });
  observer.observe(place);
}

function drawAll(part) {
  if (part.matches && part.matches("[data-chart]")) draw(part);
  for (const box of part.querySelectorAll("[data-chart]")) draw(box);
}

document.addEventListener("htmx:load", (event) => drawAll(event.detail.elt));
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => drawAll(document));
else drawAll(document);
