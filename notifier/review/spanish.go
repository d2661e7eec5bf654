package review

import (
	"regexp"
	"sync"

	"breachmail/notifier/jurisdiction"
)

const (
	spanishMonth    = `(?P<m>enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre|noviembre|diciembre|ene|feb|mar|abr|jun|jul|ago|sept?|oct|nov|dic)\.?`
	spanishNot      = `\b(?:no|ni|nunca|jamas|ningun[ao]?|nada|nadie|tampoco|sin)\b`
	spanishInvolved = `(?:involucrad|afectad|comprometid|expuest|robad|sustraid|obtenid|accedid|incluid|vist|leid|divulgad|filtrad|copiad)[oa]s?`
	spanishData     = `contrasenas?|claves?|pin(?:es)?|seguro social|numeros? de tarjeta|tarjetas? de (?:credito|debito)|cvv|codigos? de seguridad|fechas? de nacimiento|apellido de soltera|cuentas? bancarias?|credenciales|(?:informacion|datos) personal(?:es)?|licencias? de conducir|numeros? de cuenta`
	spanishLook     = `(?:(?:revis|consult|vigil|supervis|examin|verifi|monitor)(?:e|ar|qu?e)|le(?:a|er)|observ(?:e|ar))`
	spanishBureaus  = `\b(?:agencias?|buros?|companias? de (?:informes|credito)|equifax|experian|transunion)\b`
	spanishReports  = `(?:informes?|reportes?|historial(?:es)?) (?:de (?:su )?credito|crediticios?)`
	spanishTheft    = `\b(?:(?:robo|usurpacion|suplantacion) de (?:la )?identidad|alertas? de fraude|congela\w+)\b`
	spanishPeople   = `personas|clientes|residentes|individuos|usuari[oa]s|registros|suscriptores|abonados|consumidores|hogares|familias`
	spanishTeen     = `(?:diez|once|doce|trece|catorce|quince|dieci\w+|veinte|veinti\w+|(?:treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa)(?: y (?:un[oa]?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve))?|cien(?:to)?|\w+cient[oa]s|quinient[oa]s)`
	spanishScale    = `(?: (?:mil|millon(?:es)?))`
	spanishActs     = `(?:copi(?:o|aron)|ley(?:o|eron)|rob(?:o|aron)|obtuv(?:o|ieron)|descarg(?:o|aron)|accedi(?:o|eron)|entr(?:o|aron)|vi(?:o|eron)|tom(?:o|aron)|sustraj(?:o|eron)|divulg(?:o|aron)|filtr(?:o|aron)|expus(?:o|ieron)|comprometi(?:o|eron)|public(?:o|aron)|us(?:o|aron))`
	spanishActors   = `(?:alguien|personas?|empleados?|atacantes?|delincuentes?|intrus[oa]s?|ladron(?:es)?|ell[oa]s|quien(?:es)?|tercer[oa]s?|extran[oa]s?)`
	spanishMany     = `\d+(?:[.,]\d+)? ?(?:m|mm|k)\b|\d{1,3}(?:[.,]\d{3})+|\d{2,}` + spanishScale + `?|\d+(?:[.,]\d+)?` + spanishScale + `|` + spanishTeen + spanishScale + `*|(?:un|dos|tres|cuatro|cinco|seis|siete|ocho|nueve)` + spanishScale + `+|millon(?:es)?|miles|mil|cientos|decenas|docenas?`
	spanishNumber   = spanishMany + `|\d(?:[.,]\d+)?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve`
)

var spanish = sync.OnceValue(func() *vocabulary {
	return &vocabulary{
		months: []string{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre setiembre", "octubre", "noviembre", "diciembre"},
		dates: all(
			`\b(?P<d>\d{1,2}) (?:de )?`+spanishMonth+`(?:,? (?:del? )?(?P<y>\d{4}))?\b`,
			`\b`+spanishMonth+` (?P<d>\d{1,2})(?:,? (?:del? )?(?P<y>\d{4}))?\b`,
		),
		discovered: anyOf(`descubri\w*`, `detect\w+`, `nos enteramos`, `supimos`, `notamos`, `advertimos`, `nos dimos cuenta`),
		happened:   anyOf(`sucedi\w*`, `ocurri\w*`, `paso`, `tuvo lugar`, spanishActors+`(?: [a-z]+){0,3} `+spanishActs),
		otherVerb:  anyOf(`detuv\w+`, `termin(?:o|aron)`, `cerr(?:o|amos|aron)`, `bloque(?:o|amos|aron)`, `avis(?:o|amos|aron)`, `inform(?:o|amos|aron)`, `denunciamos`, `pidi(?:o|eron)`, `cambi(?:o|amos)`, `empezo`, `comenzo`, `envi(?:o|amos)`, `escrib\w+`),
		earlier:    anyOf(`introdu(?:jo|jimos|cid[oa])`, `instal(?:o|amos|ad[oa])`, `lanz(?:o|amos|ad[oa])`, `fund(?:o|amos|ad[oa])`, `compr(?:o|amos)`, `puso en marcha`, `entro en vigor`),

		negation: re(spanishNot),
		denial: anyOf(
			`no (?:se )?(?:fue|fueron|estuvo|estuvieron|esta|estan|vio|vieron|quedo|quedaron|resulto|resultaron|(?:ha|han|haya|hayan) sido)(?: [a-z]+){0,2} `+spanishInvolved,
			`(?:ningun[ao]?|nada|ni|tampoco|no (?:creemos|hay|tenemos))\b[^.;:]{0,90}?\b(?:fue|fueron|estuvo|estuvieron|vio|vieron|viera|vieran|sido|fuera|fueran)(?: [a-z]+){0,2} `+spanishInvolved,
			`no `+spanishInvolved,
			`no (?:se )?(?:inclu(?:ye|yo|yeron|ia|ian)|contenian?|involucr(?:o|aron)|afect(?:o|aron)|comprometi(?:o|eron)|accedi(?:o|eron)|obtuv(?:o|ieron)|vio|vieron)`,
			`no (?:se )?`+spanishActs,
			`no (?:pud(?:o|ieron)|logr(?:o|aron)|consigui(?:o|eron)) [a-z]+(?:ar|er|ir)`, `no (?:form(?:o|aron|aba|aban)|fue|fueron|eran?|son|es) parte`,
			`no (?:hay|hubo|tenemos|existen?|encontramos|hemos encontrado|hallamos)(?: ningun[ao]?)? (?:indicios?|pruebas?|evidencias?|senal(?:es)?|motivos?|razon(?:es)?)`,
			`no (?:figuran?|figuraban?|aparecen?|aparecian?|constan?|constaban?|contienen?|almacenamos|guardamos|conservamos)`,
			`en ningun momento (?:se |fue|fueron|estuv\w+|hubo|han?)`, `(?:solo|solamente|unicamente) (?:su|sus|el|la|los|las|est[oa]s|nombres?|numeros?|datos)\b[^.;:]{0,90}? `+spanishInvolved, `se limito a`,
		),
		withKind: anyOf(`(?:contien\w*|contenian?|incluy\w*|incluian?) ni\b[^.;:]*?\b(?:` + spanishData + `)`),
		ofReader: re(`\bsi usted\b[^,;:]*|\bsi no\b[^,;:]*`),
		safer:    re(`^ (?:con|por|mediante|contra|de nuevo|otra vez|ahora|gracias)\b`),
		nothing:  anyOf(`nada(?: mas)?`, `ningun otro`, `ninguna otra`, `ningun[ao]? de`),
		safe:     anyOf(`(?:es|son|esta|estan|estuvo|estuvieron|sigue|siguen|permanece|permanecen) (?:a salvo|segur[ao]s?|protegid[ao]s?|intact[ao]s?)`),
		data:     anyOf(spanishData, `datos?`, `informacion`, `numeros?`, `cuentas?`, `financier[ao]s?`, `registros?`, `direcciones`, `mensajes`, `llamadas`, `correos`, `fotos`, `tarjetas?`, `pagos?`, `archivos?`),

		requests: []request{
			{"for data", anyOf(`(?:ingrese|introduzca|proporcione(?:nos)?|envie(?:nos)?|mande(?:nos)?|denos|diga(?:nos)?|confirme(?:nos)?|verifique(?:nos)?|indique(?:nos)?|actualice|comparta|facilite|escriba(?:nos)?|respond[ae](?:nos)?(?: [a-z]+){0,8}? con|registrese(?: [a-z]+){0,8}? con)\b(?:\W+[\w']+){0,8}?\W+(?:` + spanishData + `)`), nil},
			{"to confirm an account", anyOf(`(?:confirme|verifique|valide|actualice|reactive|desbloquee) (?:su|sus|la|los) (?:\w+ ){0,2}(?:cuenta|identidad|informacion|datos|pago|facturacion)`), nil},
			{"to log in", anyOf(`inici(?:e|ar) (?:la )?sesion`, `acced(?:a|er) a su cuenta`, `(?:entr|ingres)(?:e|ar) (?:en|a) su cuenta`), nil},
			{"to change a password on a page", anyOf(`(?:cambie|restablezca|actualice|cree|elija|cambiar|restablecer) (?:su|la|una)(?: nueva)? (?:contrasena|clave|pin)\b.*\b(?:paginas?|sitios?|portal|enlaces?|en linea)`),
				anyOf(`tiendas?`, `telefono`, `llam\w+`)},
			{"to click", anyOf(`hacer clic`, `haga clic`, `de clic`, `dar clic`, `pulse (?:aqui|en|el)`, `pinche`, `toque (?:aqui|en|el)`, `siga (?:este|el) enlace`, `descargue`, `abra el (?:archivo|adjunto|documento)`), nil},
		},
		asIfWe:  re(`\b(?:pedimos|rogamos|solicitamos|recomendamos|aconsejamos|tiene|tendra|hay|necesario|importante|falta) que $`),
		openers: re(`^(?:y|o|u|e|luego|despues|entonces|ahora|tambien|ademas|simplemente|solo|hoy|primero|por favor|favor de|para)(?:[ ,]+|$)`),
		purpose: re(`^para\b`),
		weThen:  re(`^[^,]*, (?:nosotros|nuestr\w+|le|les|el|la|los|las|un[ao]?)\b`),
		bidden: re(`\bpor favor\b|\b(?:le|les) (?:pedimos|rogamos|solicitamos|recomendamos|invitamos|aconsejamos)\b|\b(?:es necesario|hace falta|es importante|hay) que\b|\bhay que\b|` +
			`(?:^|\busted )(?:usted )?(?:puede|debe|debera|podra|deberia|tiene que|tendra que|necesita|necesitara)\b|` +
			`^(?:use|utilice|visite|vaya|llame|siga|abra|entre|ingrese|haga|pulse|respond[ae]|escriba|conteste|complete|llene|envie|presione|toque|cambie|registrese|inscribase|asegurese|recuerde|procure|acceda|inicie|venga|consulte)\b`),
		acted: anyOf(spanishActors, `usaron`, `uso`, `nosotros`),
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

		callsFree: anyOf(`llam\w+(?: [a-z]+){0,4} (?:gratis|gratuitamente|gratuit[oa]|sin (?:costo|cargo|coste))`, `llamadas?(?: [a-z]+){0,2} (?:gratis|gratuitas?)`,
			`(?:numero|linea|telefono)(?: [a-z]+){0,3} (?:gratuit[oa]s?|gratis|sin (?:costo|cargo|coste))`, `(?:gratis|gratuitamente|sin (?:costo|cargo|coste)),? (?:al|por telefono)`),

		counts: []*regexp.Regexp{
			re(`\b(?P<n>` + spanishMany + `)(?: de)?(?: (?:nuestr[ao]s|l[ao]s|est[ao]s|es[ao]s|otr[ao]s|sus))? (?:` + spanishPeople + `|cuentas)\b`),
			re(`\b(?P<n>` + spanishNumber + `)(?: de)?(?: (?:nuestr[ao]s|l[ao]s|est[ao]s|es[ao]s|otr[ao]s))? (?:` + spanishPeople + `)\b`),
			re(`\busted y (?:a )?(?:(?:otr[oa]s|l[oa]s|unos|cerca de|mas de) )*(?P<n>` + spanishNumber + `)\b`),
			re(`\b(?P<n>` + spanishNumber + `)(?: de (?:ell[oa]s|est[oa]s|es[oa]s|l[oa]s cuales))? (?:viven|residen|radican|(?:son|fueron|estan|resultaron) (?:residentes|afectad[oa]s|de|en))\b`),
			re(`\b(?:(?:` + spanishPeople + `)(?: [a-z]+){0,3}(?: es(?: de)?| era(?: de)?|:)|una? de (?:las|los))(?: unos| unas)? (?P<n>` + spanishMany + `)\b`),
			re(`\b(?P<n>` + spanishNumber + `|uno?|medio) ?(?:%|por ?ciento\b)`),
			re(`\b(?P<n>la mitad|(?:un tercio|un cuarto|un quinto|una cuarta parte|una tercera parte|una quinta parte|un[oa] de cada (?:` + spanishNumber + `)))(?: de)?(?: [a-z]+){0,2} (?:` + spanishPeople + `)\b`),
		},
		inState:   re(`\b(?:(?P<n>` + spanishMany + `)|(?:hubo|hay|son|eran|fueron|solo|unos|otros|otras|de|a) (?:` + spanishNumber + `)) (?:en|de) $`),
		uncounted: anyOf(`horas?`, `dias?`, `semanas?`, `meses`, `anos?`, `minutos?`),
		team:      re(`\b(?:equipo|personal) de(?: unas| mas de)? $`),
		atWork:    re(`^ (?:de (?:nuestro )?(?:servicio|atencion|soporte|apoyo|personal|la empresa)|(?:que )?(?:trabajan|atienden|contestan|responden|le (?:atienden|ayudan)))\b`),
		aYear:     re(`(?:\b(?:en|desde|durante|de|del|hasta)|,) $`),

		whatHappened: anyOf(`que (?:paso|sucedio|ocurrio)`, `como (?:paso|sucedio|ocurrio)`),
		how: anyOf(
			`entraron`, `entro (?:en|a|al) (?:nuestr\w+|un[oa]?|el|la|los|las)`, `ingres(?:aron|o) (?:en|a|al)`, `irrumpi\w+`, `accedi(?:o|eron)`, `(?:obtuv(?:o|ieron)|logr(?:o|aron)|tuv(?:o|ieron)|consigui(?:o|eron)|ganaron) acceso`, `acceso indebido`,
			`copi(?:o|aron|ad[oa]s?)`, `robaron`, `(?:fue(?:ron)?|sido|datos|informacion|registros) robad[oa]s?`, `rob(?:o|an) (?:los|las|nuestr\w+|informacion|datos)`, `sustraj(?:o|eron)`, `sustraid[oa]s?`, `se llev(?:o|aron)`, `extrajo|extrajeron`,
			`(?:descarg|filtr|public|difundi|divulg|interceptar|vend)(?:o|io|aron|ieron)`, `(?:fue(?:ron)?|sido|quedaron|quedo) (?:copiad|descargad|filtrad|publicad|divulgad|expuest|obtenid|accedid|robad|vist|vendid|interceptad)[oa]s?`,
			`vi(?:o|eron) (?:la|los|las|su|sus|nuestr\w+|datos|informacion)`, `ley(?:o|eron) (?:la|los|las|su|sus|nuestr\w+|datos|informacion)`, `obtuv(?:o|ieron) (?:la|los|las|su|sus|nuestr\w+|datos|informacion)`, `us(?:o|aron) mal`, `abus(?:o|aron) de`,
			`por (?:error|equivocacion|accidente|descuido)`, `accidental(?:mente)?`, `equivocadamente`, `error(?:es)? (?:nuestro|humano|tecnico|administrativo|de (?:programacion|configuracion|imprenta|envio))`,
			`sin (?:(?:nuestr[oa]|ningun|la debida) )?(?:permiso|autorizacion|consentimiento)`, `(?:acceso|entrada|ingreso|persona|tercero|individuo|usuario|uso|divulgacion)s?(?: \w+)? no autorizad[oa]s?`,
			`(?:envi|mand)(?:o|amos|aron|ad[oa]s?)(?: \w+){0,4} (?:a|al) (?:otr[oa]s?|alguien|quien no|la persona equivocada|el destinatario equivocado)`, `(?:persona|direccion|destinatario|cliente) equivocad[oa]`, `a la vista de (?:otros|todos|cualquiera)`, `accesibles? (?:al publico|publicamente|para cualquiera)`,
			`nuestr[oa]s? (?:sistemas?|servidor(?:es)?|bases? de datos|computadoras?)`, `(?:error|fall[ao]|defecto) (?:de|del) (?:software|sistema|programa\w*)`, `hubo un robo`, `robo (?:en|de (?:datos|informacion|equipos?|computadoras?))`, `pud(?:o|ieron) (?:ver|leer|obtener|acceder|copiar|entrar|usar)`,
			`(?:esto|eso|el incidente|la filtracion) (?:sucedio|ocurrio|paso) (?:el|en|entre|durante|la|hace|porque|cuando|a)`,
			`alguien (?:ajeno|de fuera|externo)`, `(?:alguien|un empleado|una empleada|unos empleados|una persona|unas personas|un extrano|un contratista|un proveedor)(?: [a-z]+){0,5} (?:vio|leyo|copio|tomo|uso|obtuvo|accedio|abrio|vendio|dio|pidio|encontro|envio|engano|entro|consiguio|logro)`,
			`laptops?`, `(?:computadoras?|ordenador(?:es)?) portatil(?:es)?`, `(?:dispositivo|computadora|equipo|disco|archivo|documento|memoria|unidad|cinta|caja)s?(?: \w+)? (?:perdid|robad|extraviad)[oa]s?`, `se (?:perdio|perdieron|extravio|extraviaron)`, `perdimos`,
			`malware`, `ransomware`, `software malicioso`, `programas? (?:malicioso|espia)s?`, `virus`, `hacke\w+`, `pirate\w+`, `vulnerabilidad(?:es)?`, `(?:falla|fallo|brecha|hueco) de seguridad`, `enganaron`, `engano (?:a|al)`, `se hizo pasar`, `se hicieron pasar`, `explot(?:o|aron)`, `infect(?:o|aron|ad[oa]s?)`, `intrusion(?:es)?`,
			`interfaz`, `interfaces`, `apis?`, `sin proteger`, `desprotegid[oa]s?`, `sin cifrar`, `mal configurad[oa]s?`,
		),
		supposed: re(`(?:\b(?:si|en caso de que)\b|^cuando\b)[^,;:]*$`),
		actors:   anyOf(`hackers?`, `(?:ciber)?(?:delincuentes?|criminal(?:es)?)`, `ladron(?:es)?`, `pirat[ao]s?`, `estafador(?:es)?`, `intrus[oa]s?`, `atacantes?`, `(?:ciber)?ataques?`, `bandas?`),
		advised:  re(`\b(?:cuidado|desconfie|sospeche|evite|ignore|prote[gj]\w+|alerta|atent[oa]|prevenir|impedir|dificil|si)\b[^;:]*$`),
		mayDo:    re(`^(?: de identidad)?(?: [a-z]+)? (?:pueden?|podrian?|suelen?|intentan?|intenten|a veces|a menudo)\b`),

		free:    anyOf(`gratuit[oa]s?`, `gratuitamente`, `sin (?:ningun )?(?:costos?|cargos?|costes?)`, `no (?:le )?(?:cuestan?|costara|tienen?|hay) (?:nada|costo|cargo|coste|que pagar)`, `no (?:le )?cuestan? nada`),
		gratis:  "gratis",
		undone:  re(`(?:\b(?:no (?:hace falta|es necesario|hay necesidad|necesita|tiene que|tiene por que|hay que|es preciso)|innecesario|inutil)\b[^;:]*|(?:` + spanishNot + `|\b(?:en vez de|en lugar de)\b)(?: \w+){0,5} ?)$`),
		sameDay: anyOf(`(?:el|ese|aquel|en el) mismo dia`, `(?:la|en la) misma fecha`, `ese dia`),
		blocks: map[string]statement{
			jurisdiction.BlockDelay: {whether: true, words: all(`\b(?:autoridades|policia|orden publico|fiscalia|investigadores)\b`, `\b(?:retras\w+|demor\w+|aplaz\w+|posterg\w+|esper\w+)\b`,
				`\b(?:avis\w+|notific\w+|carta|mensaje|correo|inform\w+|escrib\w+|comunic\w+)\b`)},
			jurisdiction.BlockDataHeld: {words: all(`\b(?:preguntar\w*|llam\w+|escrib\w+|solicit\w+|comunic\w+)\b`, `\b(?:informacion|datos)\b.*\b(?:guardamos|conservamos|tenemos|mantenemos|almacenamos)\b`)},
			jurisdiction.BlockVigilance: {words: []*regexp.Regexp{anyOf(`(?:mantengase|mantenerse|permanezca|permanecer|este|estar|siga|seguir|esten) (?:[a-z]+ )?(?:alerta|atent[oa]s?|vigilantes?)`,
				spanishLook+`(?: [a-z,]+){0,8}? (?:estados? de (?:su )?cuenta|facturas?)`)}},
			jurisdiction.BlockCreditReports: {words: []*regexp.Regexp{anyOf(`(?:` + spanishLook + `|(?:obten|solicit|pid|ped)(?:ga|ir|er|ar|e|a)|pida)(?: [a-z,]+){0,11}? ` + spanishReports)}},
			jurisdiction.BlockNoDataRequest: {whether: true, words: all(`\b(?:no|ni|nunca|jamas|evite)(?: [a-z]+)? (?:de|dar|proporcion\w+|compart\w+|respond\w+|envi\w+|entreg\w+|facilit\w+|revel\w+|ingres\w+)\b`,
				`\b(?:(?:informacion|datos) personal(?:es)?|contrasenas?|pin|seguro social)\b`)},
			jurisdiction.BlockBureausByPhone: {within: 2, words: all(`\b(?:llam\w+|telefono|numero)\b`, `\b(?:dir\w+|inform\w+|explic\w+|sab\w+|dar\w*|obten\w+|indic\w+)\b.*\b(?:comunicarse|contactar|numeros?|telefonos?|direcciones)\b.*`+spanishBureaus)},
			jurisdiction.BlockOfficesInform: {words: all(`\b(?:oficinas?|agencias?|fuentes?|fiscal(?:es)? general(?:es)?|fiscalia|comision|ftc|departamento|autoridades)\b`,
				`\b(?:informacion|informan?|informarle|informarse|orientacion|consejos|explican?|dicen|recursos|averiguar|aprender|ayudan?)\b.*`+spanishTheft)},
			jurisdiction.BlockFraudAlert: {words: all(`\balertas? de fraude\b`, `\b(?:pon\w+|ped\w+|pid\w+|solicit\w+|coloc\w+|informacion|informan?|dicen|comunic\w+|activ\w+)\b`)},
			jurisdiction.BlockFreeze: {within: 5, words: all(`\bcongela\w+\b`,
				`\bcongela\w+\b.*\bgratis\b|\bgratis\b.*\b(?:congela\w+|pon\w+|levant\w+|quit\w+|solicit\w+)\b|\b(?:poner|levantar|quitar|solicitar|pedir|hacer)(?:lo|la)?\b.*\bgratis\b|\b(?:es|son) gratis\b`,
				`\b(?:ped\w+|pid\w+|solicit\w+|escrib\w+|llam\w+|comuni\w+|contact\w+)\b.*`+spanishBureaus)},
			jurisdiction.BlockPoliceReport: {words: all(`\bderechos?\b.*\b(?:denuncia|(?:informe|reporte)s? (?:policial(?:es)?|de (?:la )?policia))\b`)},
			jurisdiction.BlockReportTheft: {within: 2, words: all(`\b(?:robo|usurpacion|suplantacion) de (?:su |la )?identidad\b`,
				`\b(?:denunci(?:e|ar|elo|arlo)|report(?:e|ar|elo|arlo)|inform(?:e|ar|elo)|avis(?:e|ar)|notifi(?:que|car|quelo))\b(?: [a-z,]+){0,8}? (?:ante|a|al|con) (?:[a-z]+ ){0,4}?(?:policia|autoridades|fiscal(?:ia)?|comision federal|ftc|oficinas?)\b`)},
			jurisdiction.BlockFCRA: {within: 3, words: all(`\bfair credit reporting act\b.*\bderechos?\b|\bderechos?\b.*\bfair credit reporting act\b`,
				`\b(?:(?:historial|archivo|expediente|puntaje|puntuacion) (?:de credito|crediticio)|impugn\w+|disput\w+|en su contra|indemnizacion|resumen de (?:sus )?derechos|corrij\w+|correg\w+|inexact[oa]s?)\b`)},
		},
	}
})
