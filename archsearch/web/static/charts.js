// Draws what <div data-chart="JSON"> says (archsearch/web/charts.py) with uPlot, in place of the SVG inside it.
"use strict";

(() => {
  const drawn = new Map();
  const WHOLE = [...Array(12).keys()].flatMap((power) => [1, 2, 5].map((digit) => digit * 10 ** power));  // x counts

  // What the style sheet's colour is here and now: a canvas knows nothing of light-dark().
  function resolved(element, name) {
    const probe = document.createElement("span");
    probe.style.color = `var(--${name})`;
    element.append(probe);
    const found = getComputedStyle(probe).color;
    probe.remove();
    return found;
  }

  function colour(element, index) {
    return resolved(element, `series-${index % 8}`);
  }

  function table(lines) {
    const places = [...new Set(lines.flatMap((line) => line.points.map((point) => point[0])))].sort((a, b) => a - b);
    const index = new Map(places.map((x, i) => [x, i]));
    const columns = lines.map((line) => {
      const column = new Array(places.length).fill(undefined);
      for (const [x, y] of line.points) column[index.get(x)] = y;
      return column;
    });
    return [places, ...columns];
  }

  function draw(element) {
    const chart = JSON.parse(element.dataset.chart);
    const ink = resolved(element, "soft"), rule = resolved(element, "rule");
    const axis = (label) => ({
      label, stroke: ink, labelSize: 20, labelFont: "12px system-ui, sans-serif", font: "12px system-ui, sans-serif",
      grid: { stroke: rule, width: 1 }, ticks: { stroke: rule, width: 1 },
    });
    const series = chart.lines.map((line) => ({
      label: line.name,
      stroke: colour(element, line.colour),
      width: line.style === "dots" ? 0 : line.style === "thin" ? 1 : 2,
      alpha: line.style === "thin" ? 0.6 : 1,
      spanGaps: true,
      paths: line.style === "steps" ? uPlot.paths.stepped({ align: 1 }) : line.style === "dots" ? () => null : undefined,
      points: { show: line.style === "dots" || line.points.length === 1, size: 5, fill: colour(element, line.colour) },
      value: (plot, value) => value == null ? "" : value.toFixed(3),
    }));
    const width = Math.max(240, element.clientWidth);
    const plot = new uPlot({
      width,
      height: 260,
      scales: { x: { time: false }, y: { range: (plot, low, high) => span(chart.low ?? low, chart.high ?? high) } },
      series: [{ label: chart.x }, ...series],
      axes: [{ ...axis(chart.x), incrs: WHOLE }, { ...axis(chart.y), size: 56 }],
      legend: { show: false },
      cursor: { y: false },
    }, table(chart.lines), (plot, start) => {
      element.replaceChildren(plot.root);
      start();
    });
    drawn.set(element, { plot, text: element.dataset.chart, width });
  }

  function span(low, high) {
    return high > low ? [low, high] : [low - 0.5, high + 0.5];
  }

  function drawAll(again) {
    for (const [element, { plot }] of drawn) {
      if (!element.isConnected) { plot.destroy(); drawn.delete(element); }
    }
    for (const element of document.querySelectorAll("[data-chart]")) {
      const known = drawn.get(element);
      if (known && !again && known.text === element.dataset.chart) continue;
      if (known) known.plot.destroy();
      draw(element);
    }
  }

  new ResizeObserver(() => {
    for (const [element, { plot, width }] of drawn) {
      const wanted = Math.max(240, element.clientWidth);
      if (wanted !== width) {
        plot.setSize({ width: wanted, height: 260 });
        drawn.get(element).width = wanted;
      }
    }
  }).observe(document.body);
  document.addEventListener("htmx:after:swap", () => drawAll(false));
  document.addEventListener("archsearch:theme", () => drawAll(true));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawAll(true));
  drawAll(false);
})();
