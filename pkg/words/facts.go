package words

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"headroom/pkg/remark"
	"headroom/pkg/unit"
)

// factWords has the words of one closing line.
type factWords struct {
	label func(remark.Remark) string
	text  func(remark.Remark) string
}

// facts are the closing lines of an estimate by the last part of their key.
func facts() map[string]factWords {
	always := func(label string) func(remark.Remark) string {
		return func(remark.Remark) string { return label }
	}
	return map[string]factWords{
		"unit_cost":         {always("Unit cost"), sayUnitCost},
		"together":          {always(TogetherLabel), sayTogether},
		"hosts_short":       {always("Hosts"), sayHostsShort},
		"headroom":          {always("Headroom"), sayHeadroom},
		"no_headroom":       {always("Headroom"), sayNoHeadroom},
		"months":            {always("Months"), sayMonths},
		"slow_peak":         {always("Peak"), saySlowPeak},
		"region_lost":       {func(r remark.Remark) string { return r.Text("region") + " lost" }, sayRegionLost},
		"assumed":           {always("Assumed"), sayAssumed},
		"network_unchecked": {always("Not checked"), always(networkUnchecked)},
		"bought":            {always("Bought"), sayBought},
		"over_time":         {always("Over time"), sayOverTime},
		"later":             {always("Later"), sayLater},
		"at_risk":           {always("At risk"), sayAtRisk},
		"optimum":           {always("Optimum"), sayOptimum},
		"on_demand":         {always("On demand"), sayOnDemand},
		"reservable":        {always("Reserved 1y"), sayReservable},
		"no_reservation":    {always("Bought"), sayNoReservation},
		"keeps":             {always("Kept"), sayKeeps},
		"kept":              {always("Kept"), sayKept},
		"not_kept":          {always("Not kept"), sayNotKept},
		"edited":            {always("Edited"), always(edited)},
		"currency":          {func(r remark.Remark) string { return "In " + r.Text("code") }, sayCurrency},
		"not_evaluated":     {always("Not evaluated"), sayNotEvaluated}, // of versions before
		"aims":              {always("Aims"), sayAims},
		"prices":            {always("Prices"), sayPrices},
		"priced_zero":       {always("Price of 0"), sayPricedZero},
		"next":              {always("Next"), sayNext},
	}
}

const (
	networkUnchecked = "network: the hardware tables have no baseline for most types of this vintage"
	edited           = "the file was edited after it was saved, which was accepted (--allow-edited)"
)

// sayMonths says of which months the sizes are.
func sayMonths(r remark.Remark) string {
	grown := func(key string) string { return unit.Decimals(r.Number(key), 2) }
	return fmt.Sprintf("disks and nodes of stores are of month %d (load × %s), partitions and shards of "+
		"month %d (× %s), the rest of month %d", r.Int("lead"), grown("grown"), max(r.Int("horizon"), r.Int("lead")),
		grown("horizon_grown"), r.Int("now"))
}

// saySlowPeak hints at a total that is written where a rate is meant.
func saySlowPeak(r remark.Remark) string {
	return fmt.Sprintf("%s %s is taken as the rate in the worst minutes; if it is what a user does in all, the load "+
		"curve makes %s of it at the peak", r.Text("key"), r.Text("rate"), unit.EventRate(r.Number("at_peak")).Human())
}

func sayFact(r remark.Remark) string {
	if w, ok := facts()[lastOf(r)]; ok {
		return w.text(r)
	}
	return ""
}

func labelFact(r remark.Remark) string {
	if w, ok := facts()[lastOf(r)]; ok {
		return w.label(r)
	}
	return ""
}

func sayUnitCost(r remark.Remark) string {
	text := fmt.Sprintf("$%s/user, $%s/M requests", unit.PriceOfOne(r.Number("per_user")),
		unit.PriceOfOne(r.Number("per_million_requests")))
	if r.Has("next_users") {
		text += fmt.Sprintf("; the next %s users $%s each", unit.Whole(r.Number("next_users")),
			unit.PriceOfOne(r.Number("next_each")))
	}
	return text
}

func sayHeadroom(r remark.Remark) string {
	users := r.Number("users")
	if !r.Has("component") {
		return fmt.Sprintf("more than %s users on the same machines", unit.Count(users).Human())
	}
	text := fmt.Sprintf("%s users (+%.0f %%), then %s", unit.Whole(users), math.Floor(100*r.Number("share")),
		r.Text("system"))
	if on := joined(", ", r.Text("resource"), r.Text("state")); on != "" {
		text += " (" + on + ")"
	}
	return text
}

func sayNoHeadroom(r remark.Remark) string {
	return fmt.Sprintf("none: %s is too small as it is", r.Text("system"))
}

func sayRegionLost(r remark.Remark) string {
	to := r.List("takers")
	switch {
	case !r.Is("serves_users"):
		return "it serves no users; what is kept for a failover is gone"
	case len(to) == 0:
		return "its users are not served: no other region takes them over"
	}
	text := strings.Join(to, " and ") + " " + sayCarried(r, len(to) > 1)
	if busiest := r.Text("busiest"); busiest != "" {
		busy := math.Inf(1)
		if r.Has("utilisation") {
			busy = r.Number("utilisation")
		}
		text += fmt.Sprintf("; busiest %s %s at %s", busiest, r.Text("resource"), unit.Percent(busy, 0))
	}
	if list := r.List("unsized"); len(list) > 0 {
		text += "; not sized for it: " + strings.Join(list, ", ")
	}
	if list := r.List("gone"); len(list) > 0 {
		text += "; gone with it: " + strings.Join(list, ", ")
	}
	return text
}

// sayCarried says how much of the lost region's users the others carry; several
// tells whether there is more than one of them.
func sayCarried(r remark.Remark, several bool) string {
	takes, carries, has := "takes", "carries", "it has"
	if several {
		takes, carries, has = "take", "carry", "they have"
	}
	switch r.Text("carried") {
	case "unknown":
		return takes + " its users"
	case "after growing":
		return "cannot carry all before " + has + " grown from warm to full size"
	case "in part":
		return "cannot carry all"
	case "above target":
		return carries + " all, above the target of " + unit.Percent(r.Number("target"), 0)
	}
	return carries + " all"
}

func sayAssumed(r remark.Remark) string {
	text := fmt.Sprintf("%d of %s, and %s", r.Int("assumed"), Counted(r.Int("inputs"), "input"),
		Counted(r.Int("defaults"), "default"))
	if r.Has("input") {
		text += fmt.Sprintf("; %s %s ±%s → %s/%s", r.Text("input"), r.Text("value"),
			unit.Percent(r.Number("change"), 0), wholeDollars(r.Number("down")), wholeDollars(r.Number("up")))
	}
	return text
}

func sayNotEvaluated(r remark.Remark) string {
	return strings.Join(r.List("keys"), ", ") + ": nothing here says whether the system keeps to them"
}

func sayCurrency(r remark.Remark) string {
	decimals := 2
	if r.Has("decimals") { // estimates of before say none
		decimals = r.Int("decimals")
	}
	return fmt.Sprintf("%s %s at %s for one US dollar (%s)", r.Text("code"), unit.Fixed(r.Number("total"), decimals),
		unit.Exact(r.Number("rate")), r.Text("source"))
}

func sayPrices(r remark.Remark) string {
	text := "tables of " + r.Text("vintage")
	if oldest := r.Text("oldest_used"); oldest != "" {
		text += "; oldest used " + oldest
	}
	text += fmt.Sprintf("; %d single-source; %d missing", r.Int("single_source"), r.Int("missing"))
	if r.Has("by_hand") {
		text += fmt.Sprintf("; %d copied by hand (weak)", r.Int("by_hand"))
	}
	if list := r.List("overlays"); len(list) > 0 {
		text += "; overlays " + strings.Join(list, ", ")
	}
	return text
}

// sayPricedZero names a few of the items whose price is 0.
func sayPricedZero(r remark.Remark) string {
	items, more := r.List("items"), ""
	const few = 4
	if len(items) > few {
		more = fmt.Sprintf(" and %d more", len(items)-few)
		items = items[:few]
	}
	return "nothing is billed for " + strings.Join(items, ", ") + more + "; check the overlays and rates"
}

// sayNext is the command that leads on from the estimate.
func sayNext(r remark.Remark) string {
	if r.Text("command") == "reconcile" {
		return "headroom estimate --reconcile " + r.Text("profile")
	}
	text := joined(" ", "headroom explain", r.Text("profile"), r.Text("component"))
	if env := r.Text("environment"); env != "" {
		text += " --environment " + env
	}
	return text
}

// joined puts what is not empty together.
func joined(by string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), by)
}

// dollars prints a figure in dollars and cents: "$1,234.50".
func dollars(x float64) string { return "$" + unit.Fixed(x, 2) }

// wholeDollars prints a change of the bill: "+$120", "−$35".
func wholeDollars(x float64) string {
	sign := "+"
	if x < 0 {
		sign = "−"
	}
	return sign + "$" + unit.Whole(math.Abs(x))
}

// Counted is "1 month" or "2 months".
func Counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
