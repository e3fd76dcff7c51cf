package words

import (
	"fmt"
	"strings"

	"headroom/pkg/remark"
	"headroom/pkg/unit"
)

// sayBought is the first month of the mix in one line.
func sayBought(r remark.Remark) string {
	text := fmt.Sprintf("nodes %s instead of %s for the same on demand", dollars(r.Number("effective")),
		dollars(r.Number("on_demand")))
	if r.Has("change") {
		text += " (" + unit.SignedPercent(r.Number("change"), 1, 1) + ")"
	}
	text += "; " + dollars(r.Number("upfront")) + " upfront"
	if r.Has("break_even") {
		text += fmt.Sprintf(", even in month %d", r.Int("break_even"))
	}
	text += "; coverage " + unit.Percent(r.Number("coverage"), 0)
	if r.Has("coverage_in_dollars") {
		text += " of the hours, " + unit.Percent(r.Number("coverage_in_dollars"), 0) + " of the dollars"
	}
	return text + fmt.Sprintf(", utilisation %s, %s uncovered", unit.Percent(r.Number("utilisation"), 0),
		dollars(r.Number("uncovered")))
}

func sayOverTime(r remark.Remark) string {
	text := fmt.Sprintf("present value over %s %s instead of %s", Counted(r.Int("months"), "month"), dollars(r.Number("pv")),
		dollars(r.Number("pv_on_demand")))
	if r.Has("savings_rate") {
		text += fmt.Sprintf(", effective savings rate %s",
			strings.Replace(unit.Percent(r.Number("savings_rate"), 1), "-", "−", 1))
	}
	text += sayBound(r)
	if r.Has("residual") {
		text += fmt.Sprintf("; %s for commitments beyond", dollars(r.Number("residual")))
	}
	return text
}

func sayLater(r remark.Remark) string {
	return fmt.Sprintf("%s more to be bought as demand grows, the last in %s; headroom explain lists them",
		Counted(r.Int("nodes"), "node"), Counted(r.Int("last_month"), "month"))
}

func sayAtRisk(r remark.Remark) string {
	var falls []string
	monthly := r.Numbers("monthly")
	for i, fall := range r.Numbers("falls") {
		if i < len(monthly) {
			falls = append(falls, fmt.Sprintf("%s if demand falls %s", dollars(monthly[i]), unit.Percent(fall, 0)))
		}
	}
	return "commitments for nothing, a month: " + strings.Join(falls, ", ")
}

func sayOptimum(r remark.Remark) string {
	return fmt.Sprintf("the best mix would come to %s a month", dollars(r.Number("monthly"))) + sayBound(r)
}

// sayBound says whether a mix is the optimum or an upper bound.
func sayBound(r remark.Remark) string {
	if list := r.List("inexact"); len(list) > 0 {
		text := "; an upper bound: of " + strings.Join(list, ", ") + " a cheaper mix may exist"
		if r.Has("excess") { // estimates saved before have none
			text += "; in tests without bounds the mix was above it by " + unit.Percent(r.Number("excess"), 0) +
				" at most"
		}
		return text + " (headroom docs buying says when)"
	}
	if r.Has("exact") {
		return "; exactly the optimum"
	}
	return ""
}

func sayOnDemand(r remark.Remark) string {
	text := "the cheapest plan on demand comes to " + dollars(r.Number("on_demand"))
	if r.Has("change") {
		text += fmt.Sprintf("; this one to %s (%s)", dollars(r.Number("total")),
			unit.SignedPercent(r.Number("change"), 1, 1))
	}
	return text
}

func sayReservable(r remark.Remark) string {
	text := fmt.Sprintf("%s with the base reserved for a year (−%s), $0 upfront", dollars(r.Number("total")),
		unit.Percent(r.Number("saved"), 1))
	if list := r.List("unpriced"); len(list) > 0 {
		text += "; on demand, as the tables have no such price: " + strings.Join(list, ", ")
	}
	return text + "; --purchase optimal finds the best mix"
}

func sayNoReservation(r remark.Remark) string {
	return fmt.Sprintf("on demand: it runs %s of the week, and a reservation, which is paid all week, costs more",
		unit.Percent(r.Number("running"), 0))
}

// sayRisk says what a mix risks.
func sayRisk(r remark.Remark) string {
	switch lastOf(r) {
	case "spot":
		return fmt.Sprintf("%s in %s: %d on spot (%s): expect up to %s interruptions a month, "+
			"%s h of work done twice; a whole type may be taken from a zone at once",
			r.Text("component"), r.Text("region"), r.Int("nodes"), strings.Join(r.List("types"), ", "),
			unit.Digits(r.Number("interruptions"), 2), unit.Digits(r.Number("hours"), 2))
	case "unused":
		return fmt.Sprintf("%s in %s: %d of %d×%s are not used: %s a month for nothing", r.Text("component"),
			r.Text("region"), r.Int("unused"), r.Int("nodes"), r.Text("option"), dollars(r.Number("monthly")))
	case "outgrown":
		return fmt.Sprintf("%s: in %s no number of %s carries it; a commitment for longer pays only if it can "+
			"then be used for other sizes of %s", r.Text("component"), Counted(r.Int("months"), "month"),
			r.Text("machine"), r.Text("family"))
	}
	return ""
}

// sayNotTaken says why components are bought in none of the ways that are asked for.
func sayNotTaken(r remark.Remark) string {
	text := strings.Join(r.List("asked"), ", ") + " for " + strings.Join(r.List("components"), ", ") + ": "
	option, even := r.Text("option"), unit.Percent(r.Number("break_even"), 0)
	switch lastOf(r) {
	case "interruptible":
		return text + "not marked purchase: {interruptible: true}, so all stays on demand"
	case "unpriced":
		return text + "no price in these tables, so all stays on demand; give a rate under purchase: rates:"
	case "never_needed":
		return text + "no node is needed within the horizon"
	case "bounds":
		return text + "the bounds of purchase: allow none"
	case "dear":
		return text + option + " costs as much as on demand in all hours, or more"
	case "seldom":
		return text + fmt.Sprintf("%s pays in more than %s of the hours, and the most needed node runs in %s", option,
			even, unit.Percent(r.Number("duty"), 0))
	case "short":
		return text + fmt.Sprintf("%s pays in more than %s of the hours, and no node runs in so many for long enough",
			option, even)
	case "reclaimed":
		return text + fmt.Sprintf("when a zone's spot is reclaimed the rest must carry the peak: that leaves %s for "+
			"spot, over at least %s", Counted(r.Int("nodes"), "node"), Counted(r.Int("types"), "type"))
	case "saving":
		return text + fmt.Sprintf("spot saves %s, and min_spot_saving asks for %s",
			unit.Percent(r.Number("saving"), 1), unit.Percent(r.Number("least"), 1))
	}
	return ""
}

// byRegion lists places, each a region and a machine, region by region.
func byRegion(places []string) string {
	var regions, out []string
	machines := map[string][]string{}
	for _, p := range places {
		region, machine, _ := strings.Cut(p, " ")
		if machines[region] == nil {
			regions = append(regions, region)
		}
		machines[region] = append(machines[region], machine)
	}
	for _, region := range regions {
		if text := strings.Join(machines[region], ", "); text != "" {
			region += " for " + text
		}
		out = append(out, region)
	}
	return strings.Join(out, "; ")
}

// sayUnpriced says why a term has no price; as a closing line, which has the
// term and how many others lack one too.
func sayUnpriced(r remark.Remark) string {
	if lastOf(r) == "plans" {
		return fmt.Sprintf("for savings plans %s in %s; give a rate of yours under purchase: rates:",
			strings.Join(r.List("kinds"), ", "), byRegion(r.List("places")))
	}
	var text string
	where := fmt.Sprintf("in this vintage (%s, %s, %s)", r.Text("vintage"), r.Text("region"), r.Text("machine"))
	switch lastOf(r) {
	case "spread":
		has := "have"
		if r.Int("priced") == 1 {
			has = "has"
		}
		text = fmt.Sprintf("spot has to be spread over %s, and %d of the allowed types %s a spot price",
			Counted(r.Int("types"), "type"), r.Int("priced"), has)
	case "spot":
		text = "no spot price " + where
	case "term":
		text = "no price " + where
	}
	if !r.Has("option") || text == "" {
		return text
	}
	text = r.Text("option") + ": " + text
	if n := r.Int("terms"); n > 1 {
		return fmt.Sprintf("for %s, such as %s", Counted(n, "term"), text)
	}
	return "for " + text
}

// sayExcluded says what is not in a total.
func sayExcluded(r remark.Remark) string {
	switch lastOf(r) {
	case "all_but_compute":
		return "storage volumes, snapshots and backups, load balancers, NAT gateways and data transfer " +
			"(scope is compute)"
	case "environments":
		return "the environments " + strings.Join(r.List("names"), ", ") + " (this is production alone)"
	case "events":
		return "nodes rented for the hours of growth.events (the data that they add is counted)"
	case "layers":
		words := map[string]string{"tax": "taxes", "credit": "credits", "discount": "negotiated discounts",
			"support": "support plans"}
		var out []string
		for _, l := range r.List("layers") {
			if w, ok := words[l]; ok {
				l = w
			}
			out = append(out, l)
		}
		return strings.Join(out, ", ")
	}
	return ""
}

// sayPurchase says why a machine cannot be bought as it is to be.
func sayPurchase(r remark.Remark) string {
	switch lastOf(r) {
	case "no_price":
		return fmt.Sprintf("%s has no price in this vintage (%s)", r.Text("option"), r.Text("in"))
	case "no_mix":
		return fmt.Sprintf("no mix of %s keeps min_commitment, max_commitment and max_spot_share",
			Counted(r.Int("nodes"), "node"))
	}
	return ""
}

// sayPriceAssumed says what about a price is assumed.
func sayPriceAssumed(r remark.Remark) string {
	switch lastOf(r) {
	case "worst_band":
		return "interruptions of " + r.Text("type") + " are not known: counted as the worst band"
	case "half_upfront":
		return "half of a partial upfront term is taken as upfront: the tables have only its effective rate"
	}
	return ""
}
