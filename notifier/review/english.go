package review

import (
	"regexp"
	"sync"

	"breachmail/notifier/jurisdiction"
)

const (
	englishDay      = `(?P<d>\d{1,2})(?:st|nd|rd|th)?`
	englishMonth    = `(?P<m>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?`
	englishNot      = `(?:\b(?:not|no|none|never|nothing|neither|nor|cannot|nobody)\b|n't\b)`
	englishInvolved = `(?:involved|affected|accessed|exposed|compromised|stolen|taken|obtained|acquired|included|viewed|read|seen|disclosed|leaked|copied|impacted|at risk|misused|part of|visible|readable|in danger|accessible|downloaded|breached)`
	englishData     = `passwords?|passcodes?|pins?|social security|ssns?|tax(?:payer)? (?:id|number)\w*|card (?:number|detail)s?|(?:credit|debit|payment) cards?|cvv|security codes?|dates? of birth|birth ?dates?|maiden names?|bank accounts?|routing numbers?|credentials|personal (?:information|data|details)|driver'?s'? licen[cs]es?|account numbers?|log-?in details`
	englishLook     = `(?:(?:review|read|check|monitor|watch|examine|inspect|study)(?:ing)?|look(?:ing)? (?:at|through|over))`
	englishBureaus  = `\b(?:bureaus?|reporting (?:agenc(?:y|ies)|compan(?:y|ies))|equifax|experian|transunion)\b`
	englishTheft    = `\b(?:identity theft|fraud alerts?|(?:security|credit) freezes?)\b`
	englishPeople   = `people|persons|customers|(?:customer )?records|residents|individuals|users|subscribers|consumers|households|families|members`
	englishTeen     = `(?:ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?)`
	englishScale    = `(?: (?:hundred|thousand|million))`
	englishActors   = `(?:they|he|she|it|nobody|attackers?|outsiders?|person|persons|people|party|parties|intruders?|criminals?|hackers?|someone|somebody|actors?|individuals?|thie(?:f|ves)|who|employees?|others)`
	englishActs     = `(?:copied|accessed|stole|took|obtained|entered|downloaded|viewed|misused|got into|broke into|gained|read|saw)`
	englishKinds    = englishData + `|names?|addresses|e-?mails?|phone|telephone|contact|billing|payment|financial|account types?`
	englishMany     = `\d+(?:\.\d+)? ?(?:m|mm|mn|k|bn)\b|\d{1,3}(?:,\d{3})+|\d{2,}` + englishScale + `?|\d+(?:\.\d+)?` + englishScale + `|` + englishTeen + englishScale + `*|(?:one|two|three|four|five|six|seven|eight|nine|an?)` + englishScale + `+|millions|thousands|hundreds|dozens?`
	englishNumber   = englishMany + `|\d(?:\.\d+)?|two|three|four|five|six|seven|eight|nine`
)

var english = sync.OnceValue(func() *vocabulary {
	return &vocabulary{
		months: []string{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"},
		dates: all(
			`\b`+englishMonth+` `+englishDay+`(?:,? (?P<y>\d{4}))?\b`,
			`\b`+englishDay+`(?: of)? `+englishMonth+`(?:,? (?P<y>\d{4}))?\b`,
			`\b(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d{4})\b`,
		),
		discovered: anyOf(`discover(?:ed|y)?`, `learn(?:ed|t)?`, `noticed`, `found(?: out| that| it| this| the)`, `became aware`, `detected`, `identified`, `uncovered`, `reali[sz]ed`),
		happened: anyOf(`happen(?:ed|s)?`, `occurr?(?:ed|s)?`, `took place`, englishActors+`(?: (?:had|has|have))?(?: [a-z]+ly)? `+englishActs,
			`(?:was|were|been) (?:copied|accessed|stolen|taken|viewed|downloaded|obtained|exposed)`),
		otherVerb: anyOf(`stopped`, `ended`, `closed`, `shut`, `blocked`, `told`, `reported`, `notified`, `informed`, `asked`, `changed`, `began`, `started`, `hired`, `sent`, `wrote`, `writing`),
		earlier:   anyOf(`introduced`, `installed`, `launched`, `founded`, `built`, `bought`, `acquired (?:by|the company)`, `set up`, `joined`, `enacted`, `in use`, `went live`, `established`, `merged`),

		negation: re(englishNot),
		denial: anyOf(
			`(?:(?:was|were|is|are|been|be) (?:not|never)|(?:was|were|is|are)n't|(?:not|never|hasn't|haven't) (?:been|be))(?: [a-z]+ly| ever| also| in any way| at any time| (?:believed|known|thought) to (?:be|have been))? `+englishInvolved,
			`(?:no|none|nothing|neither|nor|(?:do not|don't) (?:believe|think|have))\b[^.;:]{0,90}?\b(?:was|were|is|are|been)(?: [a-z]+){0,2} `+englishInvolved,
			`not `+englishInvolved,
			`(?:did not|didn't|never) (?:include|involve|contain|affect|expose|compromise|reach|touch|access|obtain|see|read|take|get|gain|have access|acquire|steal|copy|view|download|reveal|decrypt)`,
			`(?:does|(?:they|these|those|which|records|files|data|details) do)(?: not|n't) (?:include|involve|contain)`,
			`only (?:your|the|these|this|those|names?|phone|contact|basic|limited|email|information|data)\b[^.;:]{0,90}?\b(?:was|were|is|are|been)(?: [a-z]+){0,2} `+englishInvolved,
			`no (?:indications?|evidence|signs? (?:of|that)|proof|hints?)`, `(?:not|n't)(?: [a-z]+){0,3} any (?:indications?|evidence|signs?|proof|hints?)`,
			`at no (?:point|time|moment) (?:was|were|did|has|have|had)`,
		),
		withKind: anyOf(
			`(?:was|were|been)(?: strictly| only)? (?:limited|restricted|confined) to\b[^.;:]*\b(?:`+englishKinds+`)`,
			englishActors+`(?: [a-z]+ly)? (?:could not|couldn't|(?:was|were) (?:not able|unable) to|(?:wasn't|weren't) able to) [a-z]+\b[^.;:]*?\b(?:`+englishData+`)`,
			`(?:contain\w*|include[sd]?|involve[sd]?|holds?|held|had|has|shows?|showed|affect\w*|expos\w*|saw|got|took|obtained) (?:neither|no|none of)\b[^.;:]*?\b(?:`+englishData+`)`,
			`we (?:do not|don't|never|did not|didn't) (?:store|keep|hold|save|have|collect|retain)\b[^.;:]*?\b(?:`+englishData+`)`,
		),
		ofReader: re(`\b(?:if|unless) you\b[^,;:]*|^(?:please )?(?:do not|don't) [a-z]+\b`),
		safer:    re(`^ (?:again|by|with|against|now|from now on|once)\b`),
		nothing:  anyOf(`nothing(?: else)?`, `no other`, `none of`),
		safe:     anyOf(`(?:is|are|was|were|remains?|remained|stayed) (?:safe|secure|untouched|unaffected|protected)`),
		data: anyOf(englishData, `data`, `information`, `details`, `records?`, `financial`, `numbers?`, `accounts?`, `addresses`, `messages`, `calls?`, `texts?`, `emails?`,
			`photos`, `cards?`, `payments?`, `files?`),

		requests: []request{
			{"for data", anyOf(`(?:enter|provide|send|give|tell|confirm|verify|submit|update|share|supply|type|fill in|(?:reply|respond|answer|write back|call us back|sign up|enroll|register)(?: [\w'-]+){0,8}? with)\b(?:\W+[\w']+){0,8}?\W+(?:` + englishData + `)`), nil},
			{"to confirm an account", anyOf(`(?:confirm|verify|validate|update|reactivate|unlock) (?:your|the) (?:\w+ ){0,2}(?:account|identity|information|details|data|payment|billing)`), nil},
			{"to log in", anyOf(`log ?in(?:to)?`, `log on(?:to)?`, `sign ?in(?:to)?`), nil},
			{"to change a password on a page", anyOf(`(?:reset|change|choose|create|set|update) (?:your|the|a new)(?: [a-z]+){0,2} (?:passwords?|passcodes?|pins?|log-?in)\b.*\b(?:web ?sites?|sites?|pages?|portal|links?|online)`),
				anyOf(`stores?`, `phone`, `call(?:ing)?`)},
			{"to click", anyOf(`click(?:ing)?`, `tap (?:here|on|the|below)`, `follow (?:this|the) link`, `download`, `open the (?:attachment|file|document)`), nil},
		},
		openers: re(`^(?:and|or|then|so|also|now|just|simply|always|first|next|today|immediately|kindly|please|otherwise|do|either|to|in order to|(?:by )?(?:\d+|one|two|three)\))(?:[ ,]+|$)`),
		purpose: re(`^(?:in order )?to\b`),
		weThen:  re(`^[^,]*, (?:we|our|they|the|it|an?|he|she|some\w+)\b`),
		bidden: re(`\bplease\b|\byou(?:'ll| will)?(?: [a-z]+)? (?:should|must|need to|can|could|may|might|have to|are (?:asked|required|invited) to|ought to|want to)\b|` +
			`\b(?:ask|asks|asking|urge|invite|request|advise|require|want|need|encourage|recommend)(?: that)? you\b|` +
			`^(?:use|visit|go|call|reply|respond|write|follow|open|return|sign|enter|type|log|click|tap|press|select|scan|be sure|make sure|remember|take|come|contact|see|check|start|begin|download|install|keep|feel free|don't forget)\b`),
		acted: anyOf(englishActors, `staff`, `contractors?`, `we`),
		warns: anyOf(`be (?:careful|wary|suspicious|cautious|alert)`, `beware`, `watch out for`, `avoid (?:clicking|links?|emails?|calls?|messages?)`, `ignore (?:any|all|such|those|emails|calls|messages)`, `scams?`, `phishing`,
			`(?:criminals|scammers|fraudsters) (?:may|might|could|can|often|sometimes|who)`, `anyone who`, `claim(?:s|ing)? to be`, `pretend(?:s|ing)?`),
		condition: re(`^\W*(?:if|unless|when|in case|should you|whether)\b`),
		goesOn:    re(`^\W*(?:or|and)\b`),
		turn:      re(`[;:.]|\bbut\b|\binstead\b|\bhowever\b`),
		others:    anyOf(`bureaus?`, `reporting agenc(?:y|ies)`, `equifax`, `experian`, `transunion`, `police`, `attorney general`, `federal trade commission`, `ftc`, `irs`),
		ourselves: anyOf(`us`, `our`, `here`, `this (?:email|message|link)`, `reply`),
		weDo:      re(`\b(?:we|they|it|who|which|bureaus?)(?: (?:will|can|could|would|have|may|also|now|are|to|always|then|already))* $`),

		urgency: anyOf(`urgent(?:ly)?`, `act (?:now|fast|quickly|immediately|today)`, `action (?:is )?required`, `immediate (?:action|attention|response)`,
			`(?:respond|reply|call|click|contact us|log ?in|sign ?in|confirm|verify|do so|change \w+ \w+) (?:immediately|now|at once|right away|without delay|today)`,
			`immediately (?:respond|reply|call|click|contact|log ?in|confirm|verify|change)`, `within (?:the next )?(?:\d+|twelve|twenty-four|forty-eight) hours`,
			`final (?:notice|warning|reminder)`, `last (?:chance|warning)`, `before it(?:'s| is) too late`, `limited time`, `(?:don't|do not) (?:wait|delay)`,
			`your account (?:will be|has been|is) (?:suspended|closed|locked|limited|deactivated|terminated|blocked)`, `or your account (?:will|is going to|may)`, `failure to (?:respond|act|comply)`),

		callsFree: anyOf(`toll[- ]?free`, `freephone`, `(?:call|phone|ring|reach|telephone)(?:ing)?(?: [a-z']+){0,4} (?:free of charge|for free|at no (?:cost|charge)|without charge|free at)`,
			`(?:free of charge|for free|at no (?:cost|charge)),? (?:at|on|by calling|by phone|by telephone)`, `(?:calls?|number|line)(?: [a-z']+){0,3} (?:is|are) free`,
			`free (?:phone|call|telephone|number|hotline|helpline|line)`),

		counts: []*regexp.Regexp{
			re(`\b(?P<n>` + englishMany + `)(?: of)?(?: [a-z]+)?(?: [a-z]+)? (?:` + englishPeople + `|accounts)\b`),
			re(`\b(?P<n>` + englishNumber + `)(?: of)?(?: (?:our|the|these|those|affected|other|current|former))?(?: (?:current|former|mobile|wireless|prepaid|postpaid))? (?:` + englishPeople + `)\b`),
			re(`\b(?P<n>` + englishNumber + `)(?: [a-z]+)? (?:residents|others)\b`),
			re(`\b(?P<n>` + englishNumber + `)(?: of (?:them|these|those|whom))? (?:lives?|resides?|living|residing)\b`),
			re(`\b(?:(?:` + englishPeople + `)(?: [a-z]+){0,3}(?: is| was|:)|among(?: the)?|number (?:is|was))(?: about| over)? (?P<n>` + englishNumber + `)\b`),
			re(`\b(?P<n>` + englishNumber + `)(?: of (?:them|these|those|whom))? (?:are|were|have been|is|was) (?:affected|involved|concerned|impacted|in|from)\b`),
			re(`\b(?P<n>` + englishNumber + `|one|half an?) ?(?:%|percent\b|per cent\b)`),
			re(`\b(?P<n>half|(?:an?|one) (?:third|quarter|fifth|tenth)|(?:two|three|four) (?:thirds|quarters|fifths)|(?:one|` + englishNumber + `) (?:in|out of)(?: every)? (?:` + englishNumber + `))(?: of)?(?: [a-z]+){0,2} (?:` + englishPeople + `)\b`),
		},
		inState:   re(`\b(?:(?P<n>` + englishMany + `)|(?:were|are|was|only|about|some|with|for|of|concerns|including|affects) (?:` + englishNumber + `)) (?:in|from|of) $`),
		uncounted: anyOf(`service`, `support`, `store`, `staff`, `security`, `call cent(?:er|re)`, `hours?`, `days?`, `weeks?`, `months?`, `years?`, `minutes?`),
		team:      re(`\b(?:team|staff|crew) of(?: about| over| more than)? $`),
		atWork:    re(`^ (?:(?:who|that) )?(?:works?|working|answer\w*|you|are (?:here|ready|working|there))\b`),
		aYear:     re(`(?:\b(?:in|since|during|of|by|from|until)|,) $`),

		whatHappened: anyOf(`what (?:happened|occurred)`, `how (?:it|this) (?:happened|occurred)`),
		how: anyOf(
			`gain(?:ed|ing) (?:access|entry|control|possession)`, `got (?:in|into|inside|hold|access)`, `(?:br(?:oke|oken|eak|eaking)) (?:in|into) (?:our|the|one|an?)`, `broke in(?:to)?`, `break-?ins?`,
			`(?:enter|entered|entering|access|accessed|accessing|reach|reached|infiltrated?|penetrated?|breached) (?:our|one of our|the company's|the (?:servers?|systems?|network|database|building|office))`,
			`copied`, `stole`, `exfiltrat\w+`, `hack(?:ed|ing)`, `intrud(?:ed|ing)`, `intrusions?`, `infected`, `intercepted`, `exploit(?:ed|ing)`, `bypass(?:ed|ing)`, `impersonated`, `posed as`,
			`took (?:our|your|data|information|records|copies|customer|the (?:data|information|records|files|names))`, `taken (?:from|by)`, `saw (?:your|our|account|customer|the (?:data|information|records))`,
			`(?:was|were|been|being) (?:improperly |wrongly |unlawfully |illegally |inadvertently )?(?:accessed|viewed|copied|downloaded|disclosed|exposed|acquired|obtained|stolen|leaked|sold|misused)`,
			`(?:information|data|records|files|details|names|copies) (?:was|were|had been|has been|have been) (?:taken|posted|published|sent|emailed|mailed|shared|lost)`,
			`our (?:servers?|databases?|computers?|(?:computer |internal |it )?systems?)`, `(?:affected|hit|on|into) our networks?`, `(?:was|were) able to (?:see|read|get|obtain|access|view|log|copy|use|open)`, `(?:logged|signed) in ?to`,
			`(?:software|computer|system|technical|programming) (?:bug|glitch|failure|fault|defect)s?`, `(?:the|a) wrong (?:person|people|address(?:es)?|recipients?|customers?|email)`, `lost in the (?:mail|post)`,
			`(?:this|it|the (?:breach|incident)) (?:happened|occurred|took place) (?:on|in|between|from|during|over|last|at|because|when|after|through|earlier|about|around)`,
			`(?:downloaded|misused|abused|leaked|exposed|published|posted|sold|viewed|accessed|obtained|acquired|disclosed) (?:our|your|an?|one of|data|information|records|customer|customers|copies|it|them|the (?:data|information|records|files))`,
			`(?:without|beyond) (?:our |any |proper )?(?:permission|authori[sz]ation|consent|authority)`,
			`unauthori[sz]ed (?:person|persons|people|party|parties|individuals?|access|actors?|users?|third|entry|acquisition|disclosure|use of our)`,
			`by (?:mistake|accident|error)`, `in error`, `mistakenly`, `accidental(?:ly)?`, `inadvertent(?:ly)?`, `(?:our|human|clerical|technical|programming|configuration|printing|mailing|employee|administrative) (?:mistake|error)s?`,
			`(?:due to|because of) an? (?:mistake|error)`, `(?:sent|emailed|mailed|faxed|given|delivered|shown|visible|available) to (?:the wrong|another|other|someone|somebody|strangers?|anyone)`, `publicly (?:accessible|available|visible)`, `misdirected`, `misaddressed`,
			`(?:someone|somebody|an? (?:person|individual|employee|contractor|stranger|outsider|vendor|supplier)|people|persons|individuals|strangers|outsiders|employees)(?: [a-z]+){0,5} (?:saw|read|viewed|copied|took|used|misused|obtained|accessed|opened|sold|gave|asked|found|sent|guessed|tricked|shared)`,
			`(?:someone|somebody|people) outside`, `laptops?`, `(?:lost|missing|misplaced|stolen) (?:[a-z]+ )?(?:devices?|computers?|drives?|hard drives?|disks?|tapes?|usb|files?|papers?|documents?|boxes|servers?|backups?)`,
			`(?:devices?|computers?|drives?|disks?|tapes?|usb|papers?|documents?|boxes|backups?)(?: [a-z]+){0,4} (?:was|were|went|is|are) (?:lost|missing|stolen|misplaced)`,
			`malware`, `ransomware`, `spyware`, `virus(?:es)?`, `credential stuffing`, `vulnerabilit(?:y|ies)`, `misconfigur\w+`, `security (?:hole|gap|flaw|weakness)`, `way in`, `tricked`, `deceived`,
			`(?:an?|our|one of our|the|that|to) interfaces?`, `apis?`, `left (?:open|unprotected|unsecured|unlocked|exposed)`, `unsecured`, `unprotected`, `unencrypted`,
		),
		supposed: re(`(?:\b(?:if|in case)\b|^(?:when|whenever|should)\b)[^,;:]*$`),
		actors:   anyOf(`hackers?`, `(?:cyber-?)?criminals?`, `thie(?:f|ves)`, `burglars?`, `fraudsters?`, `scammers?`, `intruders?`, `(?:cyber-?)?attack(?:s|ers?)?`, `insiders?`, `gangs?`, `sim[- ]swap\w*`),
		advised:  re(`(?:\b(?:be|stay|remain|keep) (?:careful|wary|alert|suspicious|vigilant|cautious|aware|safe)\b|\b(?:beware|watch out|avoid|ignore|protect|guard|prevent|harder|safe from|stop|if)\b)[^;:]*$`),
		mayDo:    re(`^(?: (?:who|that) (?:have|has|know|knows|get|gets)(?: [a-z]+){0,4})?(?: [a-z]+)? (?:may|might|could|can|will|would|often|sometimes|try|pretend)\b`),

		free:    anyOf(`free of charge`, `for free`, `(?:at )?no (?:costs?|charge|fees?)`, `without (?:charge|cost|(?:a |any )?fees?|paying)`, `costs? (?:you )?nothing`, `(?:is|are|be)(?: (?:also|always|entirely|completely))? free`),
		gratis:  "free of charge",
		undone:  re(`(?:\b(?:no need|need not|not (?:need|have|necessary|required|obliged)|unnecessary|needless|pointless)\b[^;:]*|n't (?:need|have)\b[^;:]*|(?:` + englishNot + `|\b(?:without|instead of|rather than|refus\w+)\b)(?: [\w']+){0,5} ?)$`),
		sameDay: anyOf(`(?:on|that|the) (?:very )?same (?:day|date)`, `(?:on )?that (?:very )?day`),
		blocks: map[string]statement{
			jurisdiction.BlockDelay: {whether: true, words: all(`\b(?:law enforcement|police|authorities|investigators|prosecutors)\b`, `\b(?:delay(?:ed|s|ing)?|postponed?|wait(?:ed)?|hold(?:ing)?|held back)\b`,
				`\b(?:notices?|notif\w+|letter|message|email|tell(?:ing)?|inform(?:ing)?|writ(?:e|ing)|contact(?:ing)?)\b`)},
			jurisdiction.BlockDataHeld: {byReader: true, words: all(`\b(?:ask|call|contact|write)\b`, `\b(?:information|data|personal)\b.*\bwe (?:keep|hold|have|store|maintain)\b`)},
			jurisdiction.BlockVigilance: {byReader: true, words: []*regexp.Regexp{anyOf(`(?:remain|stay|be|keep|being|remaining|staying)(?: [a-z]+)? (?:vigilant|alert|watchful)`, `exercise vigilance`,
				englishLook+`(?: [\w',]+){0,6}? statements?`)}},
			jurisdiction.BlockCreditReports: {byReader: true, words: []*regexp.Regexp{anyOf(`(?:` + englishLook + `|obtain(?:ing)?|get(?:ting)?|order(?:ing)?|request(?:ing)?|ask(?:ing)? for)(?: [\w',]+){0,9}? credit (?:reports?|files?|history)`)}},
			jurisdiction.BlockNoDataRequest: {byReader: true, whether: true, words: all(`\b(?:(?:(?:do|does|will|would|can|should|must) )?(?:not|never)|avoid|[a-z]+n't)(?: [a-z]+)? (?:giv|provid|disclos|shar|send|repl|respond|enter|reveal)\w*`,
				`\b(?:personal (?:information|data|details)|passwords?|pins?|social security)\b`)},
			jurisdiction.BlockBureausByPhone: {within: 2, words: all(`\b(?:call(?:ing)?|telephone|phone|number)\b.*\b(?:us|our|at)\b|\b(?:us|our)\b.*\b(?:call(?:ing)?|telephone|phone|number)\b`,
				`\b(?:tell|learn|find out|get|give|obtain|explain|provide|hear)\b.*\b(?:reach|contact|numbers?|addresses)\b.*`+englishBureaus)},
			jurisdiction.BlockOfficesInform: {words: all(`\b(?:offices?|agenc(?:y|ies)|sources?|attorneys? general|trade commission|ftc|bureaus?|department|regulators?|authorities|they)\b`,
				`\b(?:information|inform|advice|advise|guidance|learn|tell|explain|resources|find out|help)s?\b.*`+englishTheft+`|`+englishTheft+`.*\b(?:information|advice|guidance)\b`)},
			jurisdiction.BlockFraudAlert: {words: all(`\bfraud alerts?\b`, `\b(?:plac\w+|ask\w*|request\w*|information|inform|tells?|learn|contact\w*|add|put|set up)\b`)},
			jurisdiction.BlockFreeze: {within: 5, words: all(`\b(?:security|credit) freezes?\b`,
				`\bfreezes?\b.*\bfree of charge\b|\bfree of charge\b.*\b(?:freezes?|place|lift|remove|add|request)\b|\b(?:it|one|this|placing|lifting|removing)\b.{0,20}\bfree of charge\b|\bfree (?:security|credit) freezes?\b|\bfreezes? free\b`,
				`\b(?:ask|request|apply|plac|obtain|writ|call|contact)(?:e|ing)?\b.*`+englishBureaus)},
			jurisdiction.BlockPoliceReport: {words: all(`\b(?:rights?|entitled)\b.*\bpolice reports?\b`)},
			jurisdiction.BlockReportTheft: {byReader: true, within: 2, words: all(`\bidentity (?:theft|fraud)\b`,
				`\b(?:report(?:ing)?|be reported)\b(?: [\w',]+){0,8}? (?:to|with) (?:[a-z]+ ){0,4}?(?:police|law enforcement|attorneys? general|authorities|trade commission|ftc|offices?|sheriff)\b`)},
			jurisdiction.BlockFCRA: {within: 3, words: all(`\bfair credit reporting act\b.*\brights?\b|\brights?\b.*\bfair credit reporting act\b`,
				`\b(?:credit (?:file|score|history)|disput\w+|used against|summary of (?:your )?rights|correct(?:ed)?|damages|inaccurate|consent)\b`)},
		},
	}
})
