package cli

import (
	"context"
	"errors"
	"fmt"
	"math"

	"headroom/pkg/bill"
	"headroom/pkg/insight"
	"headroom/pkg/report"
	"headroom/pkg/unit"
	"headroom/pkg/whatif"
	"headroom/pkg/workload"
)

// usersPath is the input over which pictures show the cost.
const usersPath = "peak.users"

// A picture of the cost over users has this many points, from a quarter of the users to
// four times as many. They are plans of their own, made at the same time on all
// processors: as long as some five to fifteen estimates.
const (
	picturePoints = 25
	pictureRange  = 4
)

// document is the report of estimates in a format: with what they rest on where the
// format shows it.
func (a *app) document(ctx context.Context, format string, results []*bill.Result) (report.Document, error) {
	estimates := make([]bill.Estimate, len(results))
	for i, r := range results {
		estimates[i] = *r.Estimate
	}
	if !report.EstimateFormats().Backed(format) {
		return report.New(estimates), nil
	}
	backing := make([]report.Backing, len(results))
	for i, r := range results {
		b, err := a.backing(ctx, r, format == "html")
		if err != nil {
			return report.Document{}, err
		}
		backing[i] = b
	}
	return report.Backed(estimates, backing), nil
}

// backing is what an estimate rests on, with its cost over users where that is drawn.
func (a *app) backing(ctx context.Context, r *bill.Result, drawn bool) (report.Backing, error) {
	out := report.Backing{Backing: insight.Back(r)}
	p := r.Plan.Profile
	users := float64(p.Peak.Users.V)
	production := r.Request.Environment == "" || r.Request.Environment == workload.Production
	if !drawn || r.Plan.System == nil || users < 1 || !production {
		return out, nil
	}
	draft, err := a.openProfile(p.Ref)
	if err != nil {
		return out, err
	}
	// The request has the overlays of the profile already.
	m, err := whatif.New(draft, r.Request, func(q *workload.Profile, o bill.Request) (*bill.Planned, error) {
		q.Ref = p.Ref
		return bill.Search(q, r.Catalog, o)
	})
	if err != nil {
		return out, err
	}
	axis, err := m.Axis(fmt.Sprintf("%s=%s..%s:log:%d", usersPath, unit.Count(math.Ceil(users/pictureRange)),
		unit.Count(users*pictureRange), picturePoints))
	if err != nil {
		return out, err
	}
	defer roomy()()
	out.Users, err = m.Sweep(ctx, []whatif.Axis{axis}, false, nil)
	if errors.Is(err, context.Canceled) {
		return out, errInterrupted()
	}
	return out, err
}
