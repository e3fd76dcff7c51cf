package resilience

import (
	"fmt"
	"testing"
)

func TestLook(t *testing.T) {
	c := testCatalog(t)
	for _, f := range shipped(t) {
		s := systemOf(t, c, f)
		fmt.Println("=====", nameOf(f), s.Regions, s.DNS, s.People)
		for i := range s.Parts {
			p := &s.Parts[i]
			fmt.Printf("%s rule%d pieces %d copies %d acks %d keeps %v apart %v sync %v elects %v hand %v/%v promote %v detect %v restart %v sup %v ans %.2f least %v on %q lag %v\n", p.Name, p.Rule, p.Pieces, p.Copies, p.Acks, p.Keeps, p.Apart, p.Sync, p.Elects, p.ByHand, p.FarByHand, p.Promote, p.Detect, p.Restart, p.Supervised, p.Answers, p.Least, p.On, p.Lag)
			for _, x := range p.Pools {
				fmt.Printf("   %+v\n", x)
			}
			for _, x := range p.Calls {
				fmt.Printf("   -> %+v\n", x)
			}
		}
		fmt.Println(s.Journeys)
		for _, x := range s.Copies {
			fmt.Printf("   copy %+v\n", x)
		}
	}
}
