/* [data-chart="id"]: bars drawn from the JSON block of that id. The table on the page holds the same numbers. */
(function () {
  "use strict";
  /* Told apart also by those who see few colours; each keeps its place when the theme changes. */
  var LIGHT = ["#1d5d84", "#e69f00", "#2f8f5b", "#cc79a7", "#6f7c88", "#d55e00", "#5a4fa2", "#b3a125"];
  var DARK = ["#63b3e6", "#f0b849", "#5fcf92", "#e6a6c8", "#a9b6c1", "#ff8c4a", "#a99df0", "#e5d75c"];
  var PAPER = { text: "#1c2630", line: "#c8d0d8" };

  function palette() {
    return document.documentElement.getAttribute("data-bs-theme") === "dark" ? DARK : LIGHT;
  }

  function ink() {
    var style = getComputedStyle(document.documentElement);
    return { text: style.getPropertyValue("--sw-quiet").trim(), line: style.getPropertyValue("--sw-line").trim() };
  }

  function paint(chart, colours, lines) {
    chart.data.datasets.forEach(function (series, place) {
      series.backgroundColor = colours[place % colours.length];
    });
    ["x", "y"].forEach(function (axis) {
      chart.options.scales[axis].ticks.color = lines.text;
      chart.options.scales[axis].grid.color = lines.line;
    });
    chart.options.plugins.legend.labels.color = lines.text;
    chart.update();
  }

  function scale(counts, lines) {
    var ticks = counts ? { precision: 0, color: lines.text } : { autoSkip: true, color: lines.text };
    return { stacked: true, beginAtZero: true, ticks: ticks, grid: { display: counts, color: lines.line } };
  }

  function draw(part) {
    var given = JSON.parse(document.getElementById(part.getAttribute("data-chart")).textContent);
    var colours = palette();
    var lines = ink();
    part.hidden = false;
    return new window.Chart(part.querySelector("canvas"), {
      type: "bar",
      data: {
        labels: given.labels,
        datasets: given.series.map(function (one, place) {
          return { label: one.label, data: one.data, maxBarThickness: 40, backgroundColor: colours[place % colours.length] };
        })
      },
      options: {
        animation: false,
        maintainAspectRatio: false,
        indexAxis: given.across ? "y" : "x",
        scales: { x: scale(given.across, lines), y: scale(!given.across, lines) },
        plugins: { colors: { enabled: false }, legend: { position: "bottom", labels: { boxWidth: 12, color: lines.text } } }
      }
    });
  }

  document.addEventListener("DOMContentLoaded", function () {
    if (!window.Chart) { return; }
    window.Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    document.querySelectorAll("[data-chart]").forEach(function (part) {
      var chart = draw(part);
      function repaint() { paint(chart, palette(), ink()); }
      new MutationObserver(repaint).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
      window.addEventListener("beforeprint", function () { paint(chart, LIGHT, PAPER); chart.resize(640, 240); });
      window.addEventListener("afterprint", function () { repaint(); chart.resize(); });
    });
  });
})();
