package cli

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"headroom/pkg/bill"
	"headroom/pkg/budget"
	"headroom/pkg/plan"
)

// atOnePrice brings a baseline to the prices of what is checked: planned anew, or as
// --reprice says with its machines and quantities as they are. Why is why it cannot be
// planned anew.
func (a *app) atOnePrice(base, h *side, s *budget.Subject, reprice bool, why string) error {
	var e *bill.Estimate
	var r *bill.Result
	var err error
	switch {
	case reprice:
		e, err = a.repriced(base, h)
	case base.planned != nil && base.estimate.From != nil:
		if r, err = a.plannedAt(base, h); err == nil {
			e = r.Estimate
			e.Edited = base.estimate.Edited
		}
	default:
		err = otherPrices(base, h, why)
	}
	if err != nil {
		return err
	}
	was := base.estimate
	s.Repriced = true
	s.Prices = &budget.PricesEffect{Was: was.Prices.Vintage, Is: e.Prices.Vintage, From: was.Total.Expected,
		Effect:   e.Total.Expected.Minus(was.Total.Expected),
		Overlays: otherOverlays(base, h), KeepsMachines: reprice}
	base.estimate, base.planned = e, r
	return nil
}

// plannedAt plans a baseline at the prices of what is checked.
func (a *app) plannedAt(base, h *side) (*bill.Result, error) {
	is := h.estimate.Prices
	req := base.estimate.From.Request(is.Vintage)
	req.Overlays = h.overlays()
	r, err := a.again(base.estimate, req)
	if err == nil && r.Estimate.Prices.Digest != is.Digest {
		return nil, otherTables(h)
	}
	if err != nil {
		return nil, hinted{invalidError{fmt.Errorf("the baseline %s cannot be planned at the prices of %s: %s",
			base.label, is.Vintage, oneLine(err))},
			"Make the baseline again, or add --reprice to bill its machines and quantities at these prices."}
	}
	return r, nil
}

// repriced bills a baseline at the prices of what is checked.
func (a *app) repriced(base, h *side) (*bill.Estimate, error) {
	cat, err := a.catalog()
	if err != nil {
		return nil, err
	}
	v, err := plan.OpenVintage(cat, h.estimate.Prices.Vintage, h.overlays())
	if err != nil {
		return nil, err
	}
	if v.Digest() != h.estimate.Prices.Digest {
		return nil, otherTables(h)
	}
	return bill.Reprice(base.estimate, v)
}

// overlays are those that an estimate was made with.
func (s *side) overlays() []plan.Overlay {
	switch {
	case s.planned != nil:
		return s.planned.Request.Overlays
	case s.estimate.From != nil:
		return s.estimate.From.Request("").Overlays
	}
	return nil
}

// otherOverlays tells whether two sides have different overlays: by content, and by
// name where a file does not keep more.
func otherOverlays(base, h *side) bool {
	x, y := base.estimate, h.estimate
	if x.From == nil || y.From == nil {
		return !slices.Equal(x.Prices.Overlays, y.Prices.Overlays)
	}
	return !slices.EqualFunc(base.overlays(), h.overlays(), func(a, b plan.Overlay) bool {
		return bytes.Equal(a.Data, b.Data)
	})
}

// otherTables is the error of a saved estimate whose tables are not those of today.
func otherTables(h *side) error {
	return hinted{invalidError{fmt.Errorf("the tables of %s are not those of %s", h.estimate.Prices.Vintage, h.label)},
		"Check the profile instead of a saved estimate."}
}

// otherPrices is the error of a baseline at other prices that cannot be planned anew.
func otherPrices(base, h *side, why string) error {
	was, is := base.estimate.Prices, h.estimate.Prices
	what := fmt.Sprintf("the baseline %s is at the prices of %s, the profile at those of %s",
		base.label, was.Vintage, is.Vintage)
	if was.Vintage == is.Vintage {
		what = fmt.Sprintf("the baseline %s is at other tables of %s than the profile (another version of the "+
			"program, or other overlays)", base.label, was.Vintage)
	}
	if why != "" {
		what += ", and cannot be planned anew: " + why
	}
	return hinted{invalidError{errors.New(what)},
		"Add --reprice to bill the baseline at the profile's prices, or make the baseline again."}
}
