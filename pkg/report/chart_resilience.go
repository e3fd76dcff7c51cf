package report

import "headroom/pkg/resilience"

// mostCharted are the scenarios that the picture has.
const mostCharted = 20

// resilienceCharts draw what users get in the gravest scenarios: at once, and then where it
// changes by itself and by what people do.
func resilienceCharts(a *resilience.Assessment) []Chart {
	c := Chart{Title: "What users get, by scenario", Unit: "part of the reads or of the writes, the lesser of both",
		About: "A scenario has a bar for what is answered at once, and one for each change: by itself, by people."}
	rows, _, _ := listedRows(a)
	for _, r := range rows[:min(len(rows), mostCharted)] {
		last := ""
		for _, p := range []struct {
			when string
			of   resilience.Served
		}{{"at once", r.Now}, {"by itself", r.Auto}, {"by people", r.Hand}} {
			what := servedText(p.of.Reads, p.of.Writes)
			if what == last {
				continue
			}
			last = what
			x := ChartRow{Label: scenarioName(r.Row) + ", " + p.when, To: p.of.Least(), Low: p.of.Least(),
				High: p.of.Least(), Text: phaseText(p.of)}
			switch {
			case p.of.Least() == 1:
				x.Tone = Good
			case p.when == "by people":
				x.Tone = Breach
			}
			c.Rows = append(c.Rows, x)
		}
	}
	if len(c.Rows) == 0 {
		return nil
	}
	return []Chart{c}
}
