package cli

import (
	"context"
	"errors"

	"headroom/pkg/bill"
	"headroom/pkg/insight"
	"headroom/pkg/report"
	"headroom/pkg/whatif"
	"headroom/pkg/workload"
)

// usersPoints are the points of a picture of the cost over users. They are plans of their
// own, made at the same time on all processors: as long as some five to fifteen estimates.
const usersPoints = 25

// document is the report of estimates in a format: with what they rest on where the
// format shows it.
func (a *app) document(ctx context.Context, format string, results []*bill.Result) (report.Document, error) {
	estimates := make([]bill.Estimate, len(results))
	for i, r := range results {
		estimates[i] = *r.Estimate
	}
	formats := report.EstimateFormats()
	if !a.full && formats.Short(format) {
		return report.Answer(estimates), nil
	}
	if !formats.Backed(format) {
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
	if !drawn {
		return out, nil
	}
	defer roomy()()
	var err error
	out.Users, err = whatif.OverUsers(ctx, r, usersPoints, func() (*whatif.Model, error) {
		ref := r.Plan.Profile.Ref
		draft, err := a.openProfile(ref)
		if err != nil {
			return nil, err
		}
		// The request has the overlays of the profile already.
		return whatif.New(draft, r.Request, func(q *workload.Profile, o bill.Request) (*bill.Planned, error) {
			q.Ref = ref
			return bill.Search(q, r.Catalog, o)
		})
	})
	if errors.Is(err, context.Canceled) {
		return out, errInterrupted()
	}
	return out, err
}
