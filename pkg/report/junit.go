package report

import (
	"bytes"
	"cmp"
	"encoding/xml"

	"headroom/pkg/budget"
)

// The elements of JUnit's XML as CI systems read it: Jenkins' junit-4.xsd
// (testdata/schemas/jenkins-junit.xsd), whose order of children the fields
// keep, and the counts that its later junit-10.xsd requires.
type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string           `xml:"name,attr"`
	Tests    int              `xml:"tests,attr"`
	Failures int              `xml:"failures,attr"`
	Errors   int              `xml:"errors,attr"`
	Skipped  int              `xml:"skipped,attr"`
	Settings *junitProperties `xml:"properties,omitempty"`
	Cases    []junitCase      `xml:"testcase"`
}

type junitProperties struct {
	List []junitProperty `xml:"property"`
}

type junitProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

// junitSettings are the settings that are not from the repository; nil where there
// is none.
func junitSettings(v *budget.Verdict) *junitProperties {
	if len(v.Settings) == 0 {
		return nil
	}
	p := &junitProperties{}
	for _, s := range v.Settings {
		p.List = append(p.List, junitProperty{printable("setting " + s.Name),
			printable(s.Value + ", from " + s.Origin)})
	}
	return p
}

type junitCase struct {
	Name      string       `xml:"name,attr"`
	ClassName string       `xml:"classname,attr"`
	Skipped   *string      `xml:"skipped,omitempty"` // text only: the schema gives it no attributes
	Error     *junitReason `xml:"error,omitempty"`
	Failure   *junitReason `xml:"failure,omitempty"`
	Out       string       `xml:"system-out,omitempty"`
}

type junitReason struct {
	Type    string `xml:"type,attr"`
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// writeJUnit writes one test suite a system and one test case a limit. A
// breach is a failure; an exception is a skipped case, and output of it too
// for readers that show no text of skipped; a warning is output of a
// case that passes; a system that nothing carries is an error.
func writeJUnit(b *bytes.Buffer, v *budget.Verdict, _ Output) error {
	all := junitSuites{Name: "headroom check"}
	index := map[string]int{}
	for i := range v.Results {
		r := &v.Results[i]
		name := cmp.Or(systemName(r), "input")
		k, ok := index[name]
		if !ok {
			k = len(all.Suites)
			index[name] = k
			all.Suites = append(all.Suites, junitSuite{Name: printable(name), Settings: junitSettings(v)})
		}
		s := &all.Suites[k]
		c := junitCase{Name: printable(r.Rule + ": " + r.Limit + " of " + r.Of.String()),
			ClassName: printable("headroom." + name)}
		why := &junitReason{Type: r.Limit, Message: printable(message(r)), Text: printable(placeText(r.At))}
		s.Tests, all.Tests = s.Tests+1, all.Tests+1
		switch r.Status {
		case budget.Fail:
			c.Failure = why
			s.Failures, all.Failures = s.Failures+1, all.Failures+1
		case budget.Infeasible, budget.Invalid:
			c.Error = why
			s.Errors, all.Errors = s.Errors+1, all.Errors+1
		case budget.Excepted:
			text := why.Message
			if why.Text != "" {
				text += "; see " + why.Text
			}
			c.Skipped, c.Out = &text, text
			s.Skipped++
		case budget.Warn:
			c.Out = printable("warning: " + message(r))
		}
		s.Cases = append(s.Cases, c)
	}
	b.WriteString(xml.Header)
	e := xml.NewEncoder(b)
	e.Indent("", "  ")
	if err := e.Encode(all); err != nil {
		return err
	}
	b.WriteByte('\n')
	return nil
}
