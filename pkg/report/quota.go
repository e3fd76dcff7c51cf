package report

import (
	"cmp"
	"fmt"
	"strings"

	"headroom/pkg/bill"
	"headroom/pkg/words"
)

// quotas lists what to ask for, with where the defaults are from.
func quotas(list []bill.Quota) Grid {
	g := Grid{Columns: []Column{{Header: "Region", Key: "region"}, {Header: "Quota", Key: "of"},
		rightColumn("Ask for", "need"), rightColumn("Default", "default"),
		rightColumn("From month", "month"), {Header: "As of", Key: "as_of"},
		{Header: "Source", Key: "source"}, {Header: "Remark", Key: "note"}}}
	for i := range list {
		q := &list[i]
		need := Cell{Text: fmt.Sprint(q.Need), Value: q.Need}
		if q.AtLeast {
			need.Text = "≥ " + need.Text
		}
		g.Rows = append(g.Rows, Row{Cells: []Cell{text(q.Region), {Text: words.QuotaOf(q.Of), Value: q.Of}, need,
			{Text: fmt.Sprint(q.Default), Value: q.Default}, {Text: fmt.Sprint(q.Month), Value: q.Month},
			text(cmp.Or(q.AsOf, "undated")), text(q.Source), text(quotaText(q))}})
	}
	return g
}

// quotaText is what is to be known of a quota: how far its default is to be trusted,
// and whom it is for.
func quotaText(q *bill.Quota) string {
	var parts []string
	add := func(text string) {
		if text != "" {
			parts = append(parts, text)
		}
	}
	add(q.Note)
	if q.Zone > 0 {
		add(fmt.Sprintf("and %d for each zone", q.Zone))
	}
	if len(q.Environments) > 0 {
		add("for " + strings.Join(q.Environments, ", ") + " together")
	}
	if len(q.NotCounted) > 0 {
		add("without " + strings.Join(q.NotCounted, ", ") + ", which cannot be planned")
	}
	return strings.Join(parts, "; ")
}
