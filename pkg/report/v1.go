package report

import (
	"headroom/pkg/bill"
	"headroom/pkg/money"
	"headroom/pkg/purchase"
)

// This file reads the first version of the JSON of estimates, which had texts
// where the second one has values: "ebs gp3 storage" for a service and its item.
// It is the only place where texts of our own are read back: a file that was
// saved then has nothing else.

// The schemas of the first version.
const (
	estimateV1  = "headroom.estimate/v1"
	estimatesV1 = "headroom.estimates/v1"
)

// envelopeV1 holds several estimates.
type envelopeV1 struct {
	Schema    string   `json:"schema"`
	Estimates []fileV1 `json:"estimates"`
}

// fileV1 is an estimate. What is the same in both versions has the types
// of the second.
type fileV1 struct {
	Schema    string              `json:"schema"`
	Program   bill.Program        `json:"program"`
	Prices    bill.PricesUsed     `json:"prices"`
	Profile   bill.Source         `json:"profile"`
	Seed      int64               `json:"seed"`
	Title     string              `json:"title"`
	Hours     money.Quantity      `json:"hours_per_month"`
	Scope     string              `json:"scope"`
	Purchase  string              `json:"purchase"`
	Headline  string              `json:"headline"`
	Regions   []string            `json:"regions"`
	Mirrored  bool                `json:"mirrored"`
	Demand    *bill.DemandSummary `json:"demand,omitempty"`
	Headroom  *headroomV1         `json:"headroom,omitempty"`
	Buying    *buyingV1           `json:"buying,omitempty"`
	Parts     []partV1            `json:"components"`
	Lines     []lineV1            `json:"lines"`
	PerRegion []bill.RegionTotal  `json:"region_totals"`
	Total     bill.Cost           `json:"total"`
	Facts     []Fact              `json:"facts"`
	Assumed   []bill.Assumption   `json:"assumptions"`
	Inputs    int                 `json:"inputs"`
	Unpriced  []unpricedV1        `json:"unpriced"`
	Excluded  []string            `json:"excluded"`
}

type headroomV1 struct {
	Users     float64 `json:"users"`
	Share     float64 `json:"share"`
	Component string  `json:"component"`
	Limit     string  `json:"limit"` // "cpu, region loss"
}

type buyingV1 struct {
	OnDemand    money.Amount     `json:"on_demand"`
	Effective   money.Amount     `json:"effective"`
	Upfront     money.Amount     `json:"upfront"`
	Uncovered   money.Amount     `json:"uncovered"`
	BreakEven   int              `json:"break_even"`
	Horizon     int              `json:"horizon"`
	PV          money.Amount     `json:"pv"`
	PVOnDemand  money.Amount     `json:"pv_on_demand"`
	Residual    money.Amount     `json:"residual"`
	Coverage    float64          `json:"coverage"`
	Utilisation float64          `json:"utilisation"`
	AtRisk      []bill.RiskFall  `json:"at_risk"`
	Months      []purchase.Month `json:"months,omitempty"`
	Pools       []poolBuyingV1   `json:"pools"`
	Unpriced    []string         `json:"unpriced"` // "spot: no spot price in this vintage (2026-07-20, us-east-1, x)"
	Risks       []string         `json:"risks"`
	Optimum     *money.Amount    `json:"optimum,omitempty"`
}

type poolBuyingV1 struct {
	Component string            `json:"component"`
	Region    string            `json:"region"`
	Role      string            `json:"role"`
	Machine   string            `json:"machine"`
	Mix       string            `json:"mix"` // "2×reserved-3y-all,1×spot"
	Later     []bill.Later      `json:"later,omitempty"`
	OnDemand  money.Amount      `json:"on_demand"`
	Effective money.Amount      `json:"effective"`
	Upfront   money.Amount      `json:"upfront"`
	Horizon   *bill.PoolHorizon `json:"horizon,omitempty"`
}

type partV1 struct {
	Name     string          `json:"name"`
	System   string          `json:"system"`
	Kind     string          `json:"kind"`
	Machine  string          `json:"machine"`
	Storage  string          `json:"storage,omitempty"`
	Pinned   bool            `json:"pinned"`
	Pools    []bill.NodePool `json:"pools"`
	Binds    string          `json:"binds"`
	Brief    string          `json:"brief"`
	Detail   []string        `json:"structure"`
	Notes    string          `json:"notes"`
	Warnings []string        `json:"warnings,omitempty"`
}

type lineV1 struct {
	Region    string         `json:"region"`
	Component string         `json:"component"`
	System    string         `json:"system"`
	Kind      string         `json:"kind"`
	Role      string         `json:"role"`
	Category  string         `json:"category"`
	Item      string         `json:"item"` // "m7g.large", "m7g.large upfront", "ebs gp3 storage", "discount"
	Unit      string         `json:"unit"`
	Min       money.Quantity `json:"quantity_min"`
	Quantity  money.Quantity `json:"quantity"`
	Max       money.Quantity `json:"quantity_max"`
	HourPrice *money.Rate    `json:"price_per_hour,omitempty"`
	Price     money.Rate     `json:"unit_price"`
	Cost      bill.Cost      `json:"cost"`
	Term      string         `json:"term"`
	AsOf      string         `json:"price_as_of"`
	Source    string         `json:"price_source"`
	PriceNote string         `json:"price_note"`
	Notes     string         `json:"notes"`
}

type unpricedV1 struct {
	Region    string         `json:"region"`
	Component string         `json:"component"`
	Item      string         `json:"item"` // "m7g.large", "ebs/gp3 storage", "s3 standard storage above 1000"
	Unit      string         `json:"unit"`
	Quantity  money.Quantity `json:"quantity"`
}
