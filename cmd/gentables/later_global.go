package main

import "headroom/pkg/catalog"

// This file is the items of the calculator that are of no region: it has them at the edge, the
// tables under catalog.GlobalRegion.

// calculatedDNS are the prices of Route 53.
func calculatedDNS() []calculatorItem {
	dns := func(called string, m catalog.Meter, from, to string) calculatorItem {
		return calculatorItem{service: "route53", called: called, as: billed(m), from: from, to: to, global: true}
	}
	out := []calculatorItem{
		dns("DNS Zone first 25", catalog.DNSZones(), "0", "25"),
		dns("DNS Zone", catalog.DNSZones(), "25", ""),
		dns("Basic Health checks AWS per Mo", catalog.DNSChecks(catalog.EndpointAWS), "", ""),
		dns("Basic Health checks External Non AWS per Mo", catalog.DNSChecks(catalog.EndpointElsewhere), "", ""),
		dns("Optional Health Check Features AWS per Mo", catalog.DNSCheckOptions(catalog.EndpointAWS), "", ""),
		dns("Optional Health Check Features External Non AWS per Mo",
			catalog.DNSCheckOptions(catalog.EndpointElsewhere), "", ""),
	}
	for _, q := range []struct {
		called string
		by     catalog.Routing
	}{
		{"Standard", catalog.RoutingStandard}, {"Latency Based Routing", catalog.RoutingLatency},
		{"Geo DNS", catalog.RoutingGeo}, {"Geoproximity", catalog.RoutingGeoproximity},
		{"IP Based Routing", catalog.RoutingIP},
	} {
		first := dns("Query "+q.called+" External first 1B", catalog.DNSQueries(q.by), "0", "1000")
		over := dns("Query "+q.called+" External over 1B", catalog.DNSQueries(q.by), "1000", "")
		first.times, over.times = 1e6, 1e6
		out = append(out, first, over)
	}
	return out
}

// calculatedEdges are the prices of CloudFront. What it has free each month is of all edges
// together, so that no tier of one has it: the kind takes it off.
func calculatedEdges() []calculatorItem {
	var out []calculatorItem
	add := func(called string, m catalog.Meter, from, to string, times int64) {
		out = append(out, calculatorItem{service: "cloudfront", called: called, as: billed(m), from: from, to: to,
			times: times, global: true})
	}
	tiers := []struct{ called, from, to string }{
		{"First 10 TB", "0", "10240"}, {"Next 40 TB", "10240", "51200"}, {"next 100 TB", "51200", "153600"},
		{"Next 350 TB", "153600", "512000"}, {"next 524 TB", "512000", "1048576"},
		{"Next 4 PB", "1048576", "5242880"}, {"Over 5 PB", "5242880", ""},
	}
	for _, e := range catalog.Edges() {
		for _, t := range tiers {
			add("Regional DT from "+e.String()+" to Internet "+t.called, catalog.EdgeOut(e), t.from, t.to, 0)
		}
		add("Regional DT to Origin from "+e.String(), catalog.EdgeToOrigin(e), "", "", 0)
		add("Request HTTPS Methods from "+e.String(), catalog.EdgeRequests(e, true), "", "", 10000)
		add("Request HTTP Methods from "+e.String(), catalog.EdgeRequests(e, false), "", "", 10000)
	}
	return out
}
