package catalog

import (
	"fmt"

	"headroom/pkg/unit"
)

const slaTable = "limits/sla.csv"

// SLA is what a contract promises, and gives back where that is not kept.
type SLA struct {
	Service string // "rds"
	// Scope is what is promised for: instance, zone, zones, region, regions or global, and
	// some of one service alone, such as zones-standby.
	Scope   string
	Uptime  unit.Fraction
	Per     string   // SLAMonth: of the time of a month; SLARequest: of its requests
	Credits []Credit // steps, from the first one down; none where the source does not have them
	What    string
	AsOf    string // date of the source; "" where it has none
	Source  string // key in sources.csv
}

// What an SLA is a part of.
const (
	SLAMonth   = "month"
	SLARequest = "request"
)

// Credit is the part of a month's bill that is given back below an uptime.
type Credit struct{ Below, Part unit.Fraction }

// SLA is what the contract of a service promises; false where it is not known.
func (f *Facts) SLA(service, scope string) (SLA, bool) {
	s, ok := f.slas[[2]string{service, scope}]
	return s, ok
}

var slaColumns = [...]string{"service", "scope", "uptime_pct", "per", "credit_pct", "below_2_pct", "credit_2_pct",
	"below_3_pct", "credit_3_pct", "what", "as_of", "source"}

func loadSLAs(read readTables) (map[[2]string]SLA, error) {
	r, at, err := openTable(read, slaTable, slaColumns[:])
	if err != nil {
		return nil, err
	}
	out := make(map[[2]string]SLA, r.t.len())
	for r.next() {
		s := SLA{Service: slug(r, at[0]), Scope: slug(r, at[1]), Uptime: percent(r, at[2]), Per: r.text(at[3]),
			Credits: credits(r, at), What: r.text(at[9]), AsOf: r.text(at[10]), Source: r.text(at[11])}
		if s.Per != SLAMonth && s.Per != SLARequest {
			r.fail(at[3], fmt.Sprintf("%q is neither %s nor %s", s.Per, SLAMonth, SLARequest))
		}
		said(r, at[9:])
		key := [2]string{s.Service, s.Scope}
		if _, twice := out[key]; twice {
			r.fail(at[1], fmt.Sprintf("%s, %s occurs twice", s.Service, s.Scope))
		}
		out[key] = s
	}
	return out, r.ps.Err()
}

// credits reads the steps of a promise. Each is lower and gives more back than the one
// before; what is not known is blank from some step on.
func credits(r *record, at []int) (steps []Credit) {
	for _, col := range [][2]int{{2, 4}, {5, 6}, {7, 8}} {
		below, part := at[col[0]], at[col[1]]
		n := len(steps)
		if r.text(part) == "" {
			if n > 0 && r.text(below) != "" {
				r.fail(part, "a step has an uptime and a credit")
			}
			return steps
		}
		c := Credit{Below: percent(r, below), Part: percent(r, part)}
		if n > 0 && (c.Below >= steps[n-1].Below || c.Part <= steps[n-1].Part) {
			r.fail(below, "a step is lower and gives more back than the one before")
		}
		steps = append(steps, c)
	}
	return steps
}

// percent reads a percentage above 0 as a part of one.
func percent(r *record, col int) unit.Fraction {
	v := r.number(col)
	if v > 100 {
		r.fail(col, "it is above 100 %")
	}
	return unit.Fraction(scaled(v, hundredth))
}
