package insight

import (
	"headroom/pkg/bill"
	"headroom/pkg/money"
	"headroom/pkg/plan"
	"headroom/pkg/remark"
)

// RunningCost is what a machine costs a month for whoever runs it, in US dollars.
// Machines are chosen by the total (docs/model.md section 6); only explain prints
// it, all else is about the bill.
type RunningCost struct {
	Bill   money.Amount `json:"bill"`
	Nodes  money.Amount `json:"nodes"`  // policy.running.node for each node
	Shards money.Amount `json:"shards"` // policy.running.shard for each shard beyond the first
	Family money.Amount `json:"family"` // policy.running.family of the price of nodes of other families
	Total  money.Amount `json:"total"`
}

// runningCost adds to a bill in cents the rest of a running cost, rounded to cents, so that
// the parts add up to the total.
func runningCost(onBill money.Amount, c plan.RunningCost) RunningCost {
	r := RunningCost{Bill: onBill, Nodes: c.Nodes.Cents(), Shards: c.Shards.Cents(), Family: c.Family.Cents()}
	r.Total = r.Bill.Plus(r.Nodes).Plus(r.Shards).Plus(r.Family)
	return r
}

// Weighed is what the weights of the running cost are for one component.
type Weighed struct {
	Running RunningCost `json:"running"`
	// ByBill is what the bill alone would choose, the other components being as they
	// are; nil where that is what was chosen.
	ByBill *OtherMachine `json:"by_bill,omitempty"`
	// Changed says in short what the weights changed; zero where the machine is given,
	// and where nothing is weighed.
	Changed remark.Remark `json:"changed,omitzero"`
}

// weighed is nil for what has no nodes of its own, and without a workload.
func (w *reasoning) weighed() *Weighed {
	c := w.s.Choice
	if w.r.Plan.System == nil || c.Layout.Type == nil {
		return nil
	}
	x := &Weighed{Running: runningCost(w.onBill(), c.Running())}
	switch b := w.s.ByBill; {
	case b != nil:
		other := w.other(b)
		x.ByBill = &other
		x.Changed = remark.New("why.weighed", "machine", other.Machine, "storage", other.Storage,
			"least", least(other.Pools), "most", most(other.Pools), "month", other.Running.Bill.Float64(),
			"saves", other.Difference.Neg().Float64(),
			"more", other.Running.Total.Minus(x.Running.Total).Float64())
	case !c.Pinned && !x.Running.Total.Equal(x.Running.Bill):
		x.Changed = remark.New("why.weighed_the_same")
	}
	return x
}

// onBill is what the chosen machine costs on the bill: the component's price, and what its
// nodes send each other, which is billed as data transfer.
func (w *reasoning) onBill() money.Amount { return w.price.Plus(w.s.Transfer.Cents()) }

// other is a machine beside the one that was chosen. What it costs is divided as that is:
// so the differences are those of the printed figures.
func (w *reasoning) other(a *plan.Alternative) OtherMachine {
	x := OtherMachine{Machine: a.Layout.Type.Name, Storage: a.Layout.Storage.String(), Pools: w.nodes(a.Layout.Pools),
		Month: a.Running.Bill.Minus(a.Transfer).Cents(), Transfer: a.Transfer.Cents(), Binds: bill.Binds(a.Layout)}
	x.Running = runningCost(x.Month.Plus(x.Transfer), a.Running)
	x.Difference = x.Running.Bill.Minus(w.onBill())
	return x
}

func least(pools []NodeCount) []float64 {
	out := make([]float64, len(pools))
	for i, p := range pools {
		out[i] = float64(p.Min)
	}
	return out
}

func most(pools []NodeCount) []float64 {
	out := make([]float64, len(pools))
	for i, p := range pools {
		out[i] = float64(p.Max)
	}
	return out
}
