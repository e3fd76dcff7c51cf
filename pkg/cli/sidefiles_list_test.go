package cli

func sideFiles() []sideFile {
	return []sideFile{overlayFile(), scenarioFile(), budgetFile(), adjustmentsFile(), baselineFile()}
}

func overlayFile() sideFile {
	return sideFile{
		file: "prices.csv",
		right: "region,instance_type,on_demand_hourly,as_of,source\nus-east-1,m7g.large,0.07,2026-08-01,quote\n\n" +
			"region,service,item,unit,tier_from,tier_to,price_usd,as_of,source\n" +
			"us-east-1,s3,standard storage,GB-month,,,0.02,2026-08-01,quote\n",
		args: []string{"estimate", "shop.yaml", "--overlay", "prices.csv"},
		mistakes: []mistake{
			{"misspelt key", "on_demand_hourly", "on_demand_houly", "on_demand_houly", "on_demand_hourly"},
			{"misspelt key that tells the kind", "instance_type", "instnace_type", "instnace_type", "instance_type"},
			{"misspelt key of usage", ",item,", ",itme,", "itme", "item"},
			{"misspelt value", "m7g.large", "m7g.lrage", "m7g.lrage", "m7g.large"},
			{"wrong unit", "GB-month", "GB", "GB,,,", "GB-month"},
			{"duplicate", "us-east-1,m7g.large,0.07,2026-08-01,quote\n",
				"us-east-1,m7g.large,0.07,2026-08-01,quote\nus-east-1,m7g.large,0.08,2026-08-01,quote\n", "0.08", ""},
			{"empty", "", "", "", ""},
			{"truncated", "standard storage,GB-month,,,0.02,2026-08-01,quote\n", "standard sto",
				"us-east-1,s3,standard sto", ""},
			{"huge", "0.07", digits400, digits400, ""},
			{"NaN", "0.07", "NaN", "NaN", ""},
			{"no such date", "2026-08-01,quote\n\n", "2026-02-30,quote\n\n", "2026-02-30", ""},
		},
	}
}

func scenarioFile() sideFile {
	return sideFile{
		file: "sale.yaml",
		right: "apiVersion: headroom/v1\nname: sale\nscale: {peak.users: 2}\nset: {peak.request: 3KB}\n" +
			"regions: [us-east-1]\nprices: 2026-07-20\nscope: all\n",
		args: []string{"whatif", "shop.yaml", "--scenario", "sale.yaml"},
		mistakes: []mistake{
			{"misspelt key", "scale:", "scael:", "scael", "scale"},
			{"misspelt path", "peak.request", "peak.reqeust", "peak.reqeust", "peak.request"},
			{"misspelt path of a factor", "peak.users", "peak.usres", "peak.usres", "peak.users"},
			{"misspelt value", "scope: all", "scope: compuet", "compuet", "compute"},
			{"misspelt region", "us-east-1", "us-esat-1", "us-esat-1", "us-east-1"},
			{"wrong unit", "3KB", "3KBs", "peak.request", "3KB"},
			{"duplicate", "prices:", "name: b\nprices:", "name: b", ""},
			{"empty", "", "", "", ""},
			{"truncated", "3KB}\nregions: [us-east-1]\nprices: 2026-07-20\nscope: all\n", "3K", "{peak.request", ""},
			{"huge", "users: 2", "users: " + digits400, digits400, ""},
			{"NaN", "users: 2", "users: NaN", "NaN", ""},
			{"no such date", "2026-07-20", "2026-02-30", "2026-02-30", ""},
			{"no tables of the date", "2026-07-20", "2026-07-21", "2026-07-21", "2026-07-20"},
		},
	}
}

func budgetFile() sideFile {
	return sideFile{
		file: "budget.yaml",
		right: "apiVersion: headroom/v1\nrules:\n  total:\n    monthly: $5000\n    price_age: 4000d\n" +
			"    level: fail\n    exception: {until: 2026-12-31, reason: it grows}\n" +
			"  files:\n    component: files\n    monthly: $5000\n",
		args: []string{"check", "shop.yaml", "--budget", "budget.yaml"},
		mistakes: []mistake{
			{"misspelt key", "monthly", "montly", "montly", "monthly"},
			{"misspelt value", "level: fail", "level: fial", "fial", "fail"},
			{"misspelt component", "component: files", "component: flies", "files:\n    component", "files"},
			{"wrong unit", "4000d", "4000days", "4000days", "4000d"},
			{"duplicate", "  files:", "  total:", "total:\n    component", ""},
			{"empty", "", "", "", ""},
			{"truncated", "reason: it grows}\n  files:\n    component: files\n    monthly: $5000\n", "rea",
				"rea", ""},
			{"huge", "$5000", "$" + digits400, "$" + digits400, ""},
			{"NaN", "$5000", "NaN", "NaN", ""},
			{"no such date", "2026-12-31", "2026-02-30", "2026-02-30", ""},
		},
	}
}

func adjustmentsFile() sideFile {
	return sideFile{
		file: "layers.yaml",
		right: "adjustments:\n  - {name: Agreement, kind: discount, on: [compute], part: 5%}\n" +
			"  - {name: Promised, kind: credit, amount: $50}\n",
		args:    []string{"estimate", "shop.yaml", "--adjustments", "layers.yaml"},
		without: map[string]string{"no such date": "adjustments have no dates"},
		mistakes: []mistake{
			{"misspelt key", "part:", "prat:", "prat", "part"},
			{"misspelt value", "discount", "discuont", "discuont", "discount"},
			{"misspelt service", "compute", "compuet", "compuet", "compute"},
			{"wrong unit", "5%", "5pct", "5pct", "5%"},
			{"duplicate", "name: Promised", "name: Agreement", "{name: Agreement, kind: credit", ""},
			{"duplicate key", "name: Promised", "name: a, name: b", "name: b", ""},
			{"empty", "", "", "", ""},
			{"truncated", "credit, amount: $50}\n", "cred", "{name: Promised", ""},
			{"huge", "$50", "$" + digits400, "$" + digits400, ""},
			{"NaN", "$50", "NaN", "NaN", ""},
		},
	}
}

func baselineFile() sideFile {
	return sideFile{
		file: "base.json", // written by the test
		args: []string{"check", "shop.yaml", "--budget", "growth.yaml", "--baseline", "base.json"},
		mistakes: []mistake{
			{"misspelt key", `"headline":`, `"headlnie":`, `"headlnie"`, "headline"},
			{"misspelt schema", "headroom.estimates/v3", "headroom.estimates/v9", `"headroom.estimates/v9`, ""},
			{"misspelt value", `"scope": "all"`, `"scope": "al"`, `"al"`, "all"},
			{"misspelt headline", `"headline": "expected"`, `"headline": "expcted"`, `"expcted"`, "expected"},
			{"misspelt unit", `"unit": "GB-month"`, `"unit": "GB-mnth"`, `"GB-mnth"`, "GB-month"},
			{"wrong unit", `"hours_per_month": 730`, `"hours_per_month": "730h"`, `"730h"`, ""},
			{"duplicate", `"seed": 0,`, `"seed": 0,"seed": 1,`, `"seed": 1`, ""},
			{"truncated", `"lines": [`, cut, "", ""},
			{"empty", "", "", "", ""},
			{"huge", `"seed": 0`, `"seed": ` + digits400, digits400, ""},
			{"NaN", `"seed": 0`, `"seed": NaN`, "NaN", ""},
			{"no such date", `"price_as_of": "2026-0`, `"price_as_of": "2026-3`, `"2026-3`, ""},
		},
	}
}
