package cli

import (
	"fmt"
	"math"

	"headroom/pkg/report"
	"headroom/pkg/unit"
)

// queueAnswer is what `headroom queue` prints, and its JSON: times in
// milliseconds, as is the custom for responses.
type queueAnswer struct {
	Servers     float64 `json:"servers"`
	Rate        float64 `json:"rate_per_s"`
	Service     float64 `json:"service_ms"`
	Utilisation float64 `json:"utilisation"`
	PWait       float64 `json:"p_wait"`
	MeanWait    float64 `json:"mean_wait_ms"`
	P50         float64 `json:"p50_ms"`
	P90         float64 `json:"p90_ms"`
	P95         float64 `json:"p95_ms"`
	P99         float64 `json:"p99_ms"`
	P999        float64 `json:"p999_ms"`
}

// document shows the answer as a list for people and as one record for
// programs.
func (a queueAnswer) document(q queueQuestion) report.Document {
	people := report.Grid{Columns: []report.Column{
		{Header: "Measure", Key: "measure"}, {Header: "Value", Key: "value", Align: report.Right},
	}}
	record := report.Grid{Rows: []report.Row{{}}}
	add := func(label, text, key string, value float64) {
		people.Rows = append(people.Rows,
			report.Row{Cells: []report.Cell{{Text: label, Value: label}, {Text: text, Value: value}}})
		record.Columns = append(record.Columns, report.Column{Header: label, Key: key, Align: report.Right})
		record.Rows[0].Cells = append(record.Rows[0].Cells, report.Cell{Text: text, Value: value})
	}
	time := func(label, key string, ms float64) {
		add(label, unit.Duration(ms/1000).Human(), key, ms)
	}
	add("Servers", fmt.Sprintf("%g", a.Servers), "servers", a.Servers)
	add("Rate", queueRateText(a.Rate), "rate_per_s", a.Rate)
	time("Service time", "service_ms", a.Service)
	add("Utilisation", unit.Fraction(a.Utilisation).Human(), "utilisation", a.Utilisation)
	add("Requests that wait", unit.Fraction(a.PWait).Human(), "p_wait", a.PWait)
	time("Mean wait", "mean_wait_ms", a.MeanWait)
	time("Response p50", "p50_ms", a.P50)
	time("Response p90", "p90_ms", a.P90)
	time("Response p95", "p95_ms", a.P95)
	time("Response p99", "p99_ms", a.P99)
	time("Response p99.9", "p999_ms", a.P999)
	return report.Document{
		Sections: []report.Section{{Lead: []string{a.heading(q)}, Grids: []report.Grid{people}}},
		Records:  &record,
		Data:     a,
	}
}

// heading says what was asked, in one line.
func (a queueAnswer) heading(q queueQuestion) string {
	model := fmt.Sprintf("M/M/%g", a.Servers)
	if q.node.ArrivalSCV != 1 || q.node.ServiceSCV != 1 {
		model = fmt.Sprintf("ca² %g, cs² %g, approximate", q.node.ArrivalSCV, q.node.ServiceSCV)
	}
	switch q.find {
	case findServers:
		return fmt.Sprintf("Least servers for %s: %g (%s)", q.text, a.Servers, model)
	case findRate:
		return fmt.Sprintf("Most rate for %s: %s (%s)", q.text, queueRateText(a.Rate), model)
	}
	return fmt.Sprintf("Steady state (%s)", model)
}

// queueRateText keeps five digits, since the rate may be the answer; rounded
// down, so that what is printed keeps the SLO as well.
func queueRateText(rate float64) string {
	if rate >= 10_000 || rate == math.Trunc(rate) {
		return unit.Plain(math.Floor(rate)) + "/s"
	}
	scale := 10.0
	for rate*scale < 10_000 && scale < 1e12 {
		scale *= 10
	}
	return unit.Plain(math.Floor(rate*scale)/scale) + "/s"
}

// twelveDigits rounds to twelve significant digits: more than the nine that
// are promised, fewer than where processors may differ.
func twelveDigits(x float64) float64 {
	return unit.Rounded(x, 12)
}
