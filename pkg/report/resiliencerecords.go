package report

import (
	"strings"

	"headroom/pkg/resilience"
	"headroom/pkg/words"
)

// resilienceColumns are the columns of the CSV of resilience: what a row is about, then figures
// in seconds, parts of one and users. Columns may be added at the end.
func resilienceColumns() []Column {
	keys := []string{"profile", "what", "scenario", "name", "kind", "component", "region", "class", "writes",
		"reads_at_once", "writes_at_once", "reads_by_itself", "writes_by_itself", "by_itself_after_s",
		"reads_by_people", "writes_by_people", "by_people_after_s", "outcome", "acts", "down_s",
		"users_carried", "full", "p99_before_s", "p99_after_s", "unprotected_s", "protection_month", "loss_s",
		"loss_all", "from", "restore_s", "aim", "verdict", "wanted", "reached", "unit", "at_least", "remedy",
		"remedy_month", "figure", "part", "part_unattended", "down_per_year_s", "down_per_year_unattended_s",
		"missing", "about"}
	columns := make([]Column, len(keys))
	for i, k := range keys {
		columns[i] = Column{Header: k, Key: k}
	}
	return columns
}

// recording collects rows of one profile.
type recording struct {
	grid    *Grid
	profile string
}

func (r *recording) add(what string, values map[string]any) {
	values["profile"], values["what"] = r.profile, what
	r.grid.Rows = append(r.grid.Rows, rowOf(r.grid.Columns, values))
}

// resilienceRecords has a row for each scenario, each loss and touched component of it, each
// aim, finding, single point and figure of availability, and one for the success buffer.
func resilienceRecords(a *resilience.Assessment) *Grid {
	r := recording{&Grid{Columns: resilienceColumns()}, a.Profile}
	for i := range a.Rows {
		r.scenario(&a.Rows[i])
	}
	for i := range a.Aims {
		r.aim(&a.Aims[i])
	}
	for _, x := range a.Findings {
		r.add("finding", map[string]any{"name": strings.TrimPrefix(x.Key, "resilience."),
			"component": x.Text("component"), "region": x.Text("region"), "about": words.Say(x)})
	}
	for i := range a.Points {
		p := &a.Points[i]
		r.add("single point", map[string]any{"scenario": p.Scenario, "reads_by_itself": p.Reads,
			"writes_by_itself": p.Writes, "acts": p.By})
	}
	for i := range a.Availability {
		r.figure(&a.Availability[i])
	}
	if a.Success > 0 {
		r.add("success buffer", map[string]any{"users_carried": a.Success, "full": a.Full})
	}
	return r.grid
}

func (r *recording) scenario(x *resilience.Row) {
	values := map[string]any{"scenario": x.Scenario, "name": scenarioName(x), "kind": x.Kind,
		"reads_at_once": x.Now.Reads, "writes_at_once": x.Now.Writes, "reads_by_itself": x.Auto.Reads,
		"writes_by_itself": x.Auto.Writes, "by_itself_after_s": x.Auto.After.Seconds, "reads_by_people": x.Hand.Reads,
		"writes_by_people": x.Hand.Writes, "by_people_after_s": x.Hand.After.Seconds, "outcome": x.Outcome,
		"acts": x.By, "down_s": x.Down.Seconds, "full": x.Full, "about": strings.Join(x.Unprotected, "; "),
		"missing": keysOf(x.Down, x.Until)}
	if x.Buffer != nil {
		values["users_carried"] = *x.Buffer
	}
	if l := x.Slowest; l != nil {
		values["component"], values["p99_before_s"] = l.Component, l.Before
		if l.After != nil {
			values["p99_after_s"] = *l.After
		}
	}
	if len(x.Unprotected) > 0 {
		values["unprotected_s"] = x.Until.Seconds
	}
	if x.Protection != nil {
		values["protection_month"] = x.Protection.Month
	}
	r.add("scenario", values)
	for i := range x.Losses {
		l := &x.Losses[i]
		loss := map[string]any{"scenario": x.Scenario, "name": scenarioName(x), "kind": x.Kind,
			"component": l.Component, "loss_all": l.All, "from": l.From, "restore_s": l.Restore.Seconds,
			"missing": keysOf(l.Time, l.Restore)}
		if !l.All {
			loss["loss_s"] = l.Time.Seconds
		}
		r.add("loss", loss)
	}
	for i := range x.Parts {
		p := &x.Parts[i]
		r.add("component", map[string]any{"scenario": x.Scenario, "name": scenarioName(x), "kind": x.Kind,
			"component": p.Component, "region": p.Leader, "reads_by_itself": p.Reads, "writes_by_itself": p.Writes,
			"about": p.Why})
	}
}

// keysOf are the inputs that are missing for some times.
func keysOf(times ...resilience.Time) string {
	var keys []string
	for _, t := range times {
		keys = append(keys, t.Missing...)
	}
	return strings.Join(distinct(keys...), "; ")
}

func (r *recording) aim(x *resilience.Aim) {
	values := map[string]any{"aim": x.Key, "name": aimName(x), "verdict": string(x.Verdict), "wanted": x.Want,
		"unit": x.Unit, "at_least": x.Least, "scenario": x.Scenario, "component": x.Component,
		"missing": strings.Join(x.Missing, "; ")}
	if x.Got != nil {
		values["reached"] = *x.Got
	}
	if x.Remedy != nil {
		values["remedy"], values["remedy_month"] = strings.Join(x.Remedy.Set, " "), x.Remedy.Month
	}
	r.add("aim", values)
}

func (r *recording) figure(x *resilience.Availability) {
	values := map[string]any{"figure": x.Figure, "class": x.Class, "writes": x.Writes,
		"missing": strings.Join(x.Missing, "; ")}
	for key, v := range map[string]*float64{"part": x.Part, "part_unattended": x.Users, "down_per_year_s": x.Down,
		"down_per_year_unattended_s": x.DownUsers} {
		if v != nil {
			values[key] = *v
		}
	}
	r.add("availability", values)
}
