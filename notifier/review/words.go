package review

import (
	"regexp"
	"strings"

	"breachmail/notifier/jurisdiction"
)

// blockWords says for lawyers what each block is.
var blockWords = map[string]string{
	jurisdiction.BlockTitle:           `the title "Notice of Data Breach"`,
	jurisdiction.BlockHeadings:        "the five headings of California",
	jurisdiction.BlockNature:          "what happened",
	jurisdiction.BlockCount:           "how many people are affected",
	jurisdiction.BlockDates:           "the dates on which it happened",
	jurisdiction.BlockDiscovered:      "the date on which it was discovered",
	jurisdiction.BlockNoticeDate:      "the date of the notice",
	jurisdiction.BlockDelay:           "whether law enforcement delayed the notice",
	jurisdiction.BlockDataTypes:       "the kinds of data involved",
	jurisdiction.BlockContact:         "who writes, and how to reach them",
	jurisdiction.BlockTollFree:        "a toll-free number of the company",
	jurisdiction.BlockWeb:             "a web page of the company",
	jurisdiction.BlockDataHeld:        "that the reader can ask what is kept about them",
	jurisdiction.BlockStepsTaken:      "what the company does",
	jurisdiction.BlockStepsToTake:     "what the reader can do",
	jurisdiction.BlockVigilance:       "the advice to watch statements and credit reports",
	jurisdiction.BlockNoDataRequest:   "the warning not to give personal data in reply",
	jurisdiction.BlockMitigation:      "the services that are offered",
	jurisdiction.BlockParentCompany:   "to whom the company belongs",
	jurisdiction.BlockAttorneyGeneral: "how to reach the attorney general",
	jurisdiction.BlockConsumerAgency:  "how to reach the state's other agency",
	jurisdiction.BlockFTC:             "how to reach the Federal Trade Commission",
	jurisdiction.BlockBureaus:         "how to reach the credit bureaus",
	jurisdiction.BlockFraudAlert:      "information on fraud alerts",
	jurisdiction.BlockFreeze:          "how to ask for a security freeze, free of charge",
	jurisdiction.BlockPoliceReport:    "the right to a police report",
	jurisdiction.BlockReportTheft:     "the advice to report identity theft",
	jurisdiction.BlockFCRA:            "the rights under the Fair Credit Reporting Act",
}

// vocabulary is by which words the rules know things in one language. All of it
// is looked for in folded text: lower case, no accents, plain quotes.
type vocabulary struct {
	months []string         // January first; several names of one with spaces between
	dates  []*regexp.Regexp // with the groups y, m and d

	discovered, happened, otherVerb *regexp.Regexp // what a date can belong to

	negation *regexp.Regexp
	denial   *regexp.Regexp // that something was not involved
	nothing  *regexp.Regexp // the same of all that is not named
	safe     *regexp.Regexp // that something is safe
	data     *regexp.Regexp // kinds of data

	requests  []request
	warns     *regexp.Regexp // who warns of a request makes none
	condition *regexp.Regexp // begins a clause that is true of some readers only
	goesOn    *regexp.Regexp // goes on with such a clause
	turn      *regexp.Regexp // after it the opposite may follow
	others    *regexp.Regexp // who may ask readers for data
	ourselves *regexp.Regexp // the company, as the one who would get it
	weDo      *regexp.Regexp // right before a verb: the company does it

	urgency *regexp.Regexp

	many   *regexp.Regexp // how many people, with the group n
	aYear  *regexp.Regexp // right before a number: it is a year
	method *regexp.Regexp // how a breach was done

	whatHappened *regexp.Regexp              // a heading
	blocks       map[string][]*regexp.Regexp // all stand in one paragraph
}

// counts reports whether a folded sentence says how many people there are.
func (v *vocabulary) counts(s string) bool {
	for _, m := range v.many.FindAllStringSubmatchIndex(s, -1) {
		n := s[m[2]:m[3]]
		if !isYear.MatchString(n) || !v.aYear.MatchString(s[:m[0]]) {
			return true
		}
	}
	return false
}

var isYear = regexp.MustCompile(`^(?:19|20)\d\d$`)

func re(pattern string) *regexp.Regexp { return regexp.MustCompile(pattern) }

// anyOf matches one of several expressions as whole words.
func anyOf(patterns ...string) *regexp.Regexp {
	return re(`\b(?:` + strings.Join(patterns, "|") + `)\b`)
}

func all(patterns ...string) []*regexp.Regexp {
	var out []*regexp.Regexp
	for _, p := range patterns {
		out = append(out, re(p))
	}
	return out
}

var vocabularies = map[string]*vocabulary{"en": english, "es": spanish}

const (
	englishMonth    = `(?P<m>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?`
	englishNot      = `(?:\b(?:not|no|none|never|nothing|neither|nor|cannot|nobody)\b|n't\b)`
	englishInvolved = `(?:involved|affected|accessed|exposed|compromised|stolen|taken|obtained|acquired|included|viewed|read|seen|disclosed|leaked|copied|impacted|at risk)`
	englishData     = `passwords?|passcodes?|pins?|social security|ssns?|tax(?:payer)? (?:id|number)\w*|card (?:number|detail)s?|(?:credit|debit|payment) cards?|cvv|security codes?|dates? of birth|birth ?dates?|maiden names?|bank accounts?|routing numbers?|credentials|personal (?:information|data|details)|driver'?s'? licen[cs]es?|account numbers?|log-?in details`
)

var english = &vocabulary{
	months: []string{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"},
	dates: all(
		`\b`+englishMonth+` (?P<d>\d{1,2})(?:st|nd|rd|th)?,? (?P<y>\d{4})\b`,
		`\b(?P<d>\d{1,2})(?:st|nd|rd|th)?(?: of)? `+englishMonth+`,? (?P<y>\d{4})\b`,
		`\b(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d{4})\b`,
	),
	discovered: anyOf(`discover(?:ed|y)?`, `learn(?:ed|t)?`, `noticed?`, `found out`, `became aware`, `detected`),
	happened:   anyOf(`happen(?:ed|s)?`, `occurr?(?:ed|s)?`, `took place`),
	otherVerb:  anyOf(`stopped`, `ended`, `closed`, `shut`, `blocked`, `told`, `reported`, `notified`, `informed`, `asked`, `changed`, `began`, `started`, `hired`, `sent`, `wrote`, `writing`),

	negation: re(englishNot),
	denial: anyOf(
		`(?:(?:was|were|is|are|been|be) (?:not|never)|(?:was|were|is|are)n't|(?:not|never|hasn't|haven't) (?:been|be))(?: [a-z]+ly| ever| also| in any way| at any time| (?:believed|known|thought) to (?:be|have been))? `+englishInvolved,
		`(?:no|none|nothing|neither|nor|(?:do not|don't) (?:believe|think|have))\b[^.;:]{0,90}?\b(?:was|were|is|are|been)(?: [a-z]+){0,2} `+englishInvolved,
		`not `+englishInvolved,
		`(?:did not|didn't|never) (?:include|involve|contain|affect|expose|compromise|reach|touch|access|obtain|see|read|take|get)`,
	),
	nothing: anyOf(`nothing(?: else)?`, `no other`, `none of`),
	safe:    anyOf(`(?:is|are|was|were|remains?|remained|stayed) (?:safe|secure|untouched|unaffected|protected)`),
	data: anyOf(englishData, `data`, `information`, `details`, `records?`, `financial`, `numbers?`, `accounts?`, `addresses`, `messages`, `calls?`, `texts?`, `emails?`,
		`photos`, `cards?`, `payments?`, `files?`),

	requests: []request{
		{"for data", anyOf(`(?:enter|provide|send|give|tell|confirm|verify|submit|update|share|supply|type|fill in|(?:reply|respond|write back|call us back) with)\b(?:\W+[\w']+){0,8}?\W+(?:` + englishData + `)`)},
		{"to confirm an account", anyOf(`(?:confirm|verify|validate|update|reactivate|unlock) (?:your|the) (?:\w+ ){0,2}(?:account|identity|information|details|data|payment|billing)`)},
		{"to log in", anyOf(`log ?in(?:to)?`, `log on(?:to)?`, `sign ?in(?:to)?`)},
		{"to click", anyOf(`click(?:ing)?`, `tap (?:here|on|the|below)`, `follow (?:this|the) link`, `download`, `open the (?:attachment|file|document)`)},
	},
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

	many:  re(`\b(?P<n>\d{1,3}(?:,\d{3})+|\d{2,}|\d+(?:\.\d+)? million|millions?|thousands?|hundreds?|dozens)(?: of)?(?: (?:our|the|these|those|affected|other|current|former|[a-z]+))?(?: [a-z]+)? (?:people|persons?|customers?|residents?|individuals?|accounts?|users?|subscribers?|consumers?)\b`),
	aYear: re(`(?:\b(?:in|since|during|of|by|from|until)|,) $`),
	method: anyOf(`hack(?:ed|ers?|ing)?`, `ransomware`, `malware`, `intrud(?:er|ers|ed)`, `attack(?:ed|ers?)?`, `broke into`, `stole`, `stolen`, `vulnerabilit(?:y|ies)`,
		`interfaces?`, `apis?`, `misus(?:e|ed|ing)`, `unauthorized (?:person|party|individual|access)`, `someone outside`, `way in`),

	whatHappened: anyOf(`what happened`),
	blocks: map[string][]*regexp.Regexp{
		jurisdiction.BlockDelay:         all(`\b(?:law enforcement|police|authorities)\b`, `\b(?:delay(?:ed)?|postponed?|wait|held back)\b`),
		jurisdiction.BlockDataHeld:      all(`\b(?:ask|call|contact|write)\b`, `\b(?:information|data|personal)\b.*\bwe (?:keep|hold|have|store|maintain)\b`),
		jurisdiction.BlockVigilance:     all(`\b(?:vigilan\w+|alert|review|read|check|monitor|watch|look (?:at|through|over))\b`, `\bstatements?\b`, `\bcredit reports?\b`),
		jurisdiction.BlockNoDataRequest: all(englishNot, `\b(?:give|provide|ask(?:s)?|request|reply|respond|disclose)\b`, `\b(?:personal (?:information|data|details)|passwords?|pins?)\b`),
		jurisdiction.BlockFraudAlert:    all(`\bfraud alerts?\b`),
		jurisdiction.BlockFreeze:        all(`\b(?:security|credit) freezes?\b`, `\b(?:free|no charge|without charge|no cost|no fee)\b`),
		jurisdiction.BlockPoliceReport:  all(`\bpolice reports?\b`),
		jurisdiction.BlockReportTheft:   all(`\breport\b`, `\bidentity theft\b`),
		jurisdiction.BlockFCRA:          all(`\bfair credit reporting act\b`),
	},
}

const (
	spanishMonth    = `(?P<m>enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre|noviembre|diciembre|ene|feb|mar|abr|jun|jul|ago|sept?|oct|nov|dic)\.?`
	spanishNot      = `\b(?:no|ni|nunca|jamas|ningun[ao]?|nada|nadie|tampoco|sin)\b`
	spanishInvolved = `(?:involucrad|afectad|comprometid|expuest|robad|sustraid|obtenid|accedid|incluid|vist|leid|divulgad|filtrad|copiad)[oa]s?`
	spanishData     = `contrasenas?|claves?|pin(?:es)?|seguro social|numeros? de tarjeta|tarjetas? de (?:credito|debito)|cvv|codigos? de seguridad|fechas? de nacimiento|apellido de soltera|cuentas? bancarias?|credenciales|(?:informacion|datos) personal(?:es)?|licencias? de conducir|numeros? de cuenta`
)

var spanish = &vocabulary{
	months: []string{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre setiembre", "octubre", "noviembre", "diciembre"},
	dates: all(
		`\b(?P<d>\d{1,2}) (?:de )?`+spanishMonth+`,? (?:del? )?(?P<y>\d{4})\b`,
		`\b`+spanishMonth+` (?P<d>\d{1,2}),? (?:del? )?(?P<y>\d{4})\b`,
	),
	discovered: anyOf(`descubri\w*`, `detect\w+`, `nos enteramos`, `supimos`, `notamos`, `advertimos`, `nos dimos cuenta`),
	happened:   anyOf(`sucedi\w*`, `ocurri\w*`, `paso`, `tuvo lugar`),
	otherVerb:  anyOf(`detuv\w+`, `termin(?:o|aron)`, `cerr(?:o|amos|aron)`, `bloque(?:o|amos|aron)`, `avis(?:o|amos|aron)`, `inform(?:o|amos|aron)`, `denunciamos`, `pidi(?:o|eron)`, `cambi(?:o|amos)`, `empezo`, `comenzo`, `envi(?:o|amos)`, `escrib\w+`),

	negation: re(spanishNot),
	denial: anyOf(
		`no (?:se )?(?:fue|fueron|estuvo|estuvieron|esta|estan|vio|vieron|quedo|quedaron|resulto|resultaron|(?:ha|han|haya|hayan) sido)(?: [a-z]+){0,2} `+spanishInvolved,
		`(?:ningun[ao]?|nada|ni|tampoco|no (?:creemos|hay|tenemos))\b[^.;:]{0,90}?\b(?:fue|fueron|estuvo|estuvieron|vio|vieron|viera|vieran|sido|fuera|fueran)(?: [a-z]+){0,2} `+spanishInvolved,
		`no `+spanishInvolved,
		`no (?:se )?(?:inclu(?:ye|yo|yeron|ia|ian)|contenian?|involucr(?:o|aron)|afect(?:o|aron)|comprometi(?:o|eron)|accedi(?:o|eron)|obtuv(?:o|ieron)|vio|vieron)`,
	),
	nothing: anyOf(`nada(?: mas)?`, `ningun otro`, `ninguna otra`, `ningun[ao]? de`),
	safe:    anyOf(`(?:es|son|esta|estan|estuvo|estuvieron|sigue|siguen|permanece|permanecen) (?:a salvo|segur[ao]s?|protegid[ao]s?|intact[ao]s?)`),
	data:    anyOf(spanishData, `datos?`, `informacion`, `numeros?`, `cuentas?`, `financier[ao]s?`, `registros?`, `direcciones`, `mensajes`, `llamadas`, `correos`, `fotos`, `tarjetas?`, `pagos?`, `archivos?`),

	requests: []request{
		{"for data", anyOf(`(?:ingrese|introduzca|proporcione|envie(?:nos)?|mande(?:nos)?|denos|diga(?:nos)?|confirme|verifique|actualice|comparta|facilite|escriba(?:nos)?|responda con)\b(?:\W+[\w']+){0,8}?\W+(?:` + spanishData + `)`)},
		{"to confirm an account", anyOf(`(?:confirme|verifique|valide|actualice|reactive|desbloquee) (?:su|sus|la|los) (?:\w+ ){0,2}(?:cuenta|identidad|informacion|datos|pago|facturacion)`)},
		{"to log in", anyOf(`inici(?:e|ar) (?:la )?sesion`, `acced(?:a|er) a su cuenta`, `entr(?:e|ar) (?:en|a) su cuenta`)},
		{"to click", anyOf(`hacer clic`, `haga clic`, `de clic`, `dar clic`, `pulse (?:aqui|en|el)`, `pinche`, `toque (?:aqui|en|el)`, `siga (?:este|el) enlace`, `descargue`, `abra el (?:archivo|adjunto|documento)`)},
	},
	warns: anyOf(`tenga cuidado`, `cuidado con`, `desconfie`, `sospeche`, `evite (?:hacer clic|enlaces|correos|llamadas)`, `ignore (?:todo|cualquier|los|las)`, `estafas?`, `phishing`,
		`(?:delincuentes|estafadores) (?:pueden|podrian|suelen|que)`, `quien(?:es)? (?:lo )?(?:haga|hagan)`, `se hagan? pasar`),
	condition: re(`^\W*(?:si|cuando|en caso de)\b`),
	goesOn:    re(`^\W*[oy]\b`),
	turn:      re(`[;:.]|\bpero\b|\bsino\b|\ben cambio\b|\bsin embargo\b`),
	others:    anyOf(`agencias?`, `equifax`, `experian`, `transunion`, `policia`, `fiscal general`, `comision federal`, `ftc`),
	ourselves: anyOf(`nos`, `\w+enos`, `nosotros`, `nuestr[ao]s?`, `aqui`, `este (?:correo|mensaje|enlace)`, `respond\w+`),
	weDo:      re(`\b(?:nosotros|ellos|que)(?: (?:le|les|ya|tambien))* $`),

	urgency: anyOf(`urgente(?:mente)?`, `actue (?:ya|ahora|rapido|de inmediato|hoy)`, `accion (?:requerida|inmediata)`, `atencion inmediata`,
		`(?:responda|llame|haga clic|contactenos|confirme|verifique|hagalo|cambie \w+ \w+) (?:inmediatamente|de inmediato|ahora mismo|ya|ahora|cuanto antes|hoy)`,
		`inmediatamente (?:responda|llame|confirme|verifique|cambie)`, `(?:en|dentro de) (?:las proximas )?(?:\d+|doce|veinticuatro|cuarenta y ocho) horas`,
		`ultimo aviso`, `ultima (?:oportunidad|advertencia)`, `antes de que sea (?:demasiado )?tarde`, `tiempo limitado`, `no (?:espere|demore|tarde)`,
		`su cuenta (?:sera|ha sido|fue|esta) (?:suspendida|cerrada|bloqueada|limitada|desactivada|cancelada)`, `o su cuenta (?:sera|quedara|se)`),

	many:   re(`\b(?P<n>\d{1,3}(?:[.,]\d{3})+|\d{2,}(?: mil)?|\d+(?:[.,]\d+)? millones|millon(?:es)?|miles|cientos|decenas|mil)(?: de)?(?: (?:nuestr[ao]s|l[ao]s|otr[ao]s))? (?:personas?|clientes?|residentes?|individuos?|cuentas?|usuarios?|suscriptores|abonados|consumidores)\b`),
	aYear:  re(`(?:\b(?:en|desde|durante|de|del|hasta)|,) $`),
	method: anyOf(`hacke\w+`, `pirata\w*`, `ransomware`, `malware`, `intrus\w+`, `ataque\w*`, `atacante\w*`, `robo(?:o|aron) datos`, `vulnerabilidad(?:es)?`, `interfaz`, `interfaces`, `apis?`, `acceso no autorizado`, `persona no autorizada`, `alguien ajeno`),

	whatHappened: anyOf(`que (?:paso|sucedio|ocurrio)`),
	blocks: map[string][]*regexp.Regexp{
		jurisdiction.BlockDelay:         all(`\b(?:autoridades|policia|orden publico)\b`, `\b(?:retras\w+|demor\w+|aplaz\w+|posterg\w+|esper\w+)\b`),
		jurisdiction.BlockDataHeld:      all(`\b(?:preguntar\w*|llam\w+|escrib\w+|solicit\w+|comunic\w+)\b`, `\b(?:informacion|datos)\b.*\b(?:que )?(?:guardamos|conservamos|tenemos|mantenemos|almacenamos)\b`),
		jurisdiction.BlockVigilance:     all(`\b(?:alerta|revise|lea|consulte|vigile|atent[oa]|supervise)\b`, `\b(?:estados? de cuenta|facturas?)\b`, `\binformes? de credito\b`),
		jurisdiction.BlockNoDataRequest: all(spanishNot, `\b(?:no de (?:su |sus )?(?:informacion|datos)|pedir\w*|pida|solicit\w+|responda|proporcione)\b`, `\b(?:(?:informacion|datos) personal(?:es)?|contrasenas?|pin)\b`),
		jurisdiction.BlockFraudAlert:    all(`\balertas? de fraude\b`),
		jurisdiction.BlockFreeze:        all(`\bcongela\w+\b`, `\b(?:gratis|gratuit\w+|sin (?:costo|cargo)|no cuesta nada)\b`),
		jurisdiction.BlockPoliceReport:  all(`\b(?:denuncia|(?:informe|reporte)s? (?:policial(?:es)?|de la policia))\b`),
		jurisdiction.BlockReportTheft:   all(`\b(?:denunci\w+|report\w+|inform\w+)\b`, `\b(?:robo|usurpacion|suplantacion) de identidad\b`),
		jurisdiction.BlockFCRA:          all(`\bfair credit reporting act\b`),
	},
}

// redirectors are domains that shorten, track or wrap links. Those below them
// are meant as well.
var redirectors = []string{
	"bit.ly", "bitly.com", "j.mp", "tinyurl.com", "t.co", "goo.gl", "ow.ly", "is.gd", "v.gd", "buff.ly", "rebrand.ly", "lnkd.in", "t.ly", "cutt.ly",
	"rb.gy", "tiny.cc", "bl.ink", "s.id", "shorturl.at", "shorte.st", "fb.me", "adf.ly", "linktr.ee", "lnk.to", "smarturl.it", "soo.gd", "clck.ru",
	"qr.ae", "x.co", "tr.im", "snip.ly", "short.io", "trib.al", "dlvr.it", "ift.tt", "wp.me", "amzn.to", "page.link", "app.link", "urlz.fr", "u.to",
	"l.facebook.com", "safelinks.protection.outlook.com", "urldefense.com", "urldefense.proofpoint.com", "linkprotect.cudasvc.com", "sendgrid.net",
	"list-manage.com", "mailchi.mp", "hubspotlinks.com", "awstrack.me", "mandrillapp.com", "mailgun.org", "sparkpostmail.com", "rs6.net", "exct.net",
	"mkt.com", "mjt.lu", "createsend.com", "klclick.com", "emltrk.com", "mailtrack.io", "sendibt3.com", "pstmrk.it",
}
