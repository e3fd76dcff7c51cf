package catalog

import (
	"headroom/pkg/money"
)

// HoursPerYear turns a yearly or term price into an hourly one and back. The
// sources of the tables spread upfront payments over it.
const HoursPerYear = 8760

// PriceForm says in which form a table states the price of a term. Forms are kept
// as they are: none is converted to a rounded other.
type PriceForm string

// The forms.
const (
	Hourly        PriceForm = "hourly"           // Rate is paid every hour
	Effective     PriceForm = "effective-hourly" // Rate is per hour with the upfront fee spread over the term
	Annual        PriceForm = "annual"           // Rate is USD per year: the upfront fee divided by the years
	FeePlusHourly PriceForm = "fee-plus-hourly"  // Fee once, and Rate every hour
	FeeOnce       PriceForm = "fee"              // Fee once; Rate is zero
)

// TermPrice is the price of a commitment (or of spot capacity) for one
// machine.
type TermPrice struct {
	Term   string // reserved-1y-none, convertible-3y-partial, sp-ec2-3y-all, sp-compute-1y-none, spot
	Kind   string // reserved, convertible, sp-ec2, sp-compute, spot, on-demand
	Years  int    // 0 without commitment
	Option string // upfront payment: none, partial, all; "" without commitment
	Basis  PriceForm
	Price               // Rate as Basis says
	Fee    money.Amount // once per term, for FeePlusHourly and FeeOnce
}

// Commitment is what the term costs: a fee once and a rate for every hour of
// its Years × 8760 hours, used or not, both exact. An effective hourly rate
// of a partial upfront term does not say how much of it is upfront; it is
// given as a rate wholly, which adds up to the same over the term.
func (t TermPrice) Commitment() (fee money.Amount, hourly money.Rate) {
	years := money.Int(int64(t.Years))
	switch {
	case t.Basis == Annual:
		return t.Rate.Times(years), money.Rate{}
	case t.Basis == Effective && t.Option == "all":
		return t.Rate.Times(years.Times(money.Int(HoursPerYear))), money.Rate{}
	}
	return t.Fee, t.Rate
}

// termSpec says in which columns a price stands.
type termSpec struct {
	term, kind, option string
	years              int
	basis              PriceForm
	rate               string // column of the rate; "" where there is none
	fee                string // column of the fee; "" where there is none
	asOf, source       string // columns of their own; as_of and source otherwise
}

// termOnDemand is what is not a term: an hour without any commitment.
const termOnDemand = "on-demand"

// specOnDemand is the place of the on-demand price in every list of specs.
const specOnDemand = 0

// ec2Specs lists the price columns of EC2 tables of all vintages; spot last.
func ec2Specs() []termSpec {
	const noAsOf, noSource = "ri_no_upfront_as_of", "ri_no_upfront_source"
	return []termSpec{
		{termOnDemand, termOnDemand, "", 0, Hourly, "on_demand_hourly", "", "on_demand_as_of", "on_demand_source"},
		{"reserved-1y-none", "reserved", "none", 1, Hourly, "ri_1y_no_upfront", "", noAsOf, noSource},
		{"reserved-1y-partial", "reserved", "partial", 1, Effective, "ri_1y_partial_upfront", "", "", ""},
		{"reserved-1y-all", "reserved", "all", 1, Effective, "ri_1y_all_upfront", "", "ri_1y_all_upfront_as_of",
			"ri_1y_all_upfront_source"},
		{"reserved-3y-none", "reserved", "none", 3, Hourly, "ri_3y_no_upfront", "", noAsOf, noSource},
		{"reserved-3y-partial", "reserved", "partial", 3, Effective, "ri_3y_partial_upfront", "", "", ""},
		{"reserved-3y-all", "reserved", "all", 3, Effective, "ri_3y_all_upfront", "", "", ""},
		{"reserved-3y-all", "reserved", "all", 3, Annual, "ri_3y_all_upfront_annual", "", "ri_3y_all_upfront_as_of",
			"ri_3y_all_upfront_source"},
		{"convertible-1y-none", "convertible", "none", 1, Hourly, "ri_1y_convertible_no_upfront", "", noAsOf, noSource},
		{"convertible-1y-partial", "convertible", "partial", 1, Effective, "ri_1y_convertible_partial_upfront", "",
			"", ""},
		{"convertible-1y-all", "convertible", "all", 1, Effective, "ri_1y_convertible_all_upfront", "", "", ""},
		{"convertible-3y-none", "convertible", "none", 3, Hourly, "ri_3y_convertible_no_upfront", "", noAsOf, noSource},
		{"convertible-3y-partial", "convertible", "partial", 3, Effective, "ri_3y_convertible_partial_upfront", "",
			"", ""},
		{"convertible-3y-all", "convertible", "all", 3, Effective, "ri_3y_convertible_all_upfront", "", "", ""},
		{"sp-ec2-3y-all", "sp-ec2", "all", 3, Annual, "sp_ec2instance_3y_all_upfront_annual", "", "sp_as_of",
			"sp_source"},
		{"sp-compute-1y-none", "sp-compute", "none", 1, Hourly, "sp_compute_1y_no_upfront", "", "", ""},
		{"sp-compute-1y-partial", "sp-compute", "partial", 1, Effective, "sp_compute_1y_partial_upfront", "", "", ""},
		{"sp-compute-1y-all", "sp-compute", "all", 1, Effective, "sp_compute_1y_all_upfront", "", "", ""},
		{"sp-compute-3y-none", "sp-compute", "none", 3, Hourly, "sp_compute_3y_no_upfront", "", "", ""},
		{"sp-compute-3y-partial", "sp-compute", "partial", 3, Effective, "sp_compute_3y_partial_upfront", "", "", ""},
		{"sp-compute-3y-all", "sp-compute", "all", 3, Effective, "sp_compute_3y_all_upfront", "", "", ""},
		{"spot", "spot", "", 0, Hourly, "spot_hourly", "", "spot_as_of", "spot_source"},
	}
}

// managedSpecs lists the price columns of managed services.
func managedSpecs() []termSpec {
	return []termSpec{
		{termOnDemand, termOnDemand, "", 0, Hourly, "on_demand_hourly", "", "", ""},
		{"reserved-1y-none", "reserved", "none", 1, Hourly, "ri_1y_no_upfront", "", "", ""},
		{"reserved-1y-partial", "reserved", "partial", 1, Effective, "ri_1y_partial_upfront", "", "", ""},
		{"reserved-1y-partial", "reserved", "partial", 1, FeePlusHourly, "ri_1y_partial_hourly", "ri_1y_partial_fee",
			"", ""},
		{"reserved-1y-all", "reserved", "all", 1, Effective, "ri_1y_all_upfront", "", "", ""},
		{"reserved-1y-all", "reserved", "all", 1, FeeOnce, "", "ri_1y_all_fee", "ri_1y_all_fee_as_of",
			"ri_1y_all_fee_source"},
		{"reserved-3y-none", "reserved", "none", 3, Hourly, "ri_3y_no_upfront", "", "", ""},
		{"reserved-3y-partial", "reserved", "partial", 3, Effective, "ri_3y_partial_upfront", "", "", ""},
		{"reserved-3y-partial", "reserved", "partial", 3, FeePlusHourly, "ri_3y_partial_hourly", "ri_3y_partial_fee",
			"", ""},
		{"reserved-3y-all", "reserved", "all", 3, Effective, "ri_3y_all_upfront", "", "", ""},
		{"reserved-3y-all", "reserved", "all", 3, Annual, "ri_3y_all_upfront_annual", "", "", ""},
	}
}
