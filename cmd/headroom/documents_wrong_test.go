package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// What is not there is no reference, however near.
func TestReferencesAreLookedUp(t *testing.T) {
	refs := newReferences(t)
	for _, ref := range []string{
		"", "key", "nothing", "key peak.user", "key growth.events.multiplier", "key growth.events[].multiply",
		"key components.database.replica", "key components.*.replicas", "key components.databases.replicas",
		"key components.worker.replicas", "key components.*.calls.*.per_reed", "key peak.users.value.unit",
		"kind queues", "aim peak.users", "aim aims.outages", "profile huge", "profile medium/dbs",
		"scenario three-times", "command estimat", "command estimate --budgets", "command prices verify --budget",
		"report estimate small", "report estimate small: demand.user", "report estimate small: fact.room",
		"report estimate huge: demand.users",
	} {
		_, err := refs.look(ref)
		require.Error(t, err, ref)
	}
	for _, name := range []string{
		"TestDocuments", "cmd/headroom TestDocument", "cmd/nothing TestDocuments", "testdata/script/none.txtar",
		"cmd/headroom TestDocumentsFiveStages/two of each",
	} {
		_, err := refs.test(name)
		require.Error(t, err, name)
	}
	for _, ref := range []string{"not", "key growth.events[].multiplier", "key components.database.replicas",
		"key components.database.locality.of", "key components.*.calls.*.per_read", "command prices verify --overlay",
		"report estimate small: fact.unit_cost"} {
		text, err := refs.look(ref)
		require.NoError(t, err, ref)
		require.NotEmpty(t, text)
	}
}
