package resilience

import (
	"slices"

	"headroom/pkg/catalog"
)

// past is what the public list of outages says of a region.
type past struct {
	events    int
	years     float64
	meanHours float64 // of those of known length
	of        []string
}

// pastOf is the past of a region, as far as the list covers it: outages of the region as a
// whole in so many years. False where the list does not say what it covers, or no length.
func pastOf(f *catalog.Facts, region string) (past, bool) {
	years, ok := f.Years(region)
	if !ok {
		return past{}, false
	}
	p := past{years: years}
	known, seconds := 0, 0.0
	for _, o := range f.Outages(region) {
		if o.Scope != catalog.OutageRegion {
			continue
		}
		p.events++
		p.of = append(p.of, o.Date)
		if o.Low.OK && o.High.OK {
			known++
			seconds += float64((o.Low.V + o.High.V) / 2)
		}
	}
	if known == 0 {
		return past{}, false
	}
	p.meanHours = seconds / float64(known) / 3600
	return p, true
}

// promise is a service level agreement.
type promise struct {
	part float64 // of the time, or of the requests
	of   string  // "ec2 zones"
}

// promiseOf is what is promised of a service in one zone of a region or in several; where
// there is no such distinction, of the service.
func promiseOf(f *catalog.Facts, service string, zones int) (promise, bool) {
	scopes := []string{"instance", "zone", "region", "global"}
	if zones > 1 {
		scopes = []string{"zones", "region", "global"}
	}
	at := slices.IndexFunc(scopes, func(scope string) bool { _, ok := f.SLA(service, scope); return ok })
	if at < 0 {
		return promise{}, false
	}
	x, _ := f.SLA(service, scopes[at])
	return promise{float64(x.Uptime), service + " " + scopes[at]}, true
}
