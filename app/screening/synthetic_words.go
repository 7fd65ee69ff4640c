package screening

var womenNames = []string{
	"Ana", "Antonia", "Bárbara", "Camila", "Carmen", "Carolina", "Catalina", "Claudia", "Constanza", "Daniela", "Elena", "Elizabeth", "Emilia",
	"Eugenia", "Fernanda", "Florencia", "Francisca", "Gabriela", "Gladys", "Inés", "Isabel", "Isidora", "Javiera", "Josefa", "Karen", "Lorena",
	"Luz", "Magdalena", "Marcela", "Margarita", "María", "Marta", "Martina", "Mónica", "Nancy", "Norma", "Olga", "Pamela", "Patricia", "Paula",
	"Paulina", "Raquel", "Rosa", "Rosario", "Sandra", "Silvia", "Sofía", "Soledad", "Sonia", "Teresa", "Valentina", "Verónica", "Viviana", "Ximena", "Yasna",
}

var menNames = []string{
	"Alejandro", "Alexis", "Álvaro", "Andrés", "Benjamín", "Bastián", "Carlos", "Claudio", "Cristián", "Cristóbal", "Daniel", "David", "Diego",
	"Eduardo", "Esteban", "Felipe", "Fernando", "Francisco", "Gabriel", "Gonzalo", "Guillermo", "Héctor", "Hernán", "Hugo", "Ignacio", "Iván",
	"Javier", "Joaquín", "Jorge", "José", "Juan", "Julio", "Luis", "Manuel", "Marcelo", "Mario", "Martín", "Matías", "Mauricio", "Miguel", "Nicolás",
	"Óscar", "Patricio", "Pablo", "Pedro", "Rafael", "Ramón", "Raúl", "Ricardo", "Roberto", "Rodrigo", "Sebastián", "Sergio", "Tomás", "Vicente", "Víctor",
}

var familyNames = []string{
	"Acevedo", "Aguilera", "Alarcón", "Álvarez", "Araneda", "Aravena", "Araya", "Arriagada", "Bravo", "Bustos", "Cáceres", "Campos", "Cárdenas",
	"Carrasco", "Castillo", "Castro", "Catrileo", "Choque", "Contreras", "Cortés", "Díaz", "Escobar", "Espinoza", "Farías", "Fernández", "Figueroa",
	"Flores", "Fuentes", "Gallardo", "García", "Garrido", "Godoy", "Gómez", "González", "Gutiérrez", "Henríquez", "Hernández", "Herrera", "Huenchumilla",
	"Jara", "Jiménez", "Lagos", "Leiva", "López", "Maldonado", "Mamani", "Martínez", "Medina", "Méndez", "Millán", "Miranda", "Molina", "Montecinos",
	"Morales", "Moreno", "Muñoz", "Navarrete", "Navarro", "Núñez", "Ñanculef", "O'Higgins", "Olivares", "Orellana", "Ortiz", "Oyarzún", "Palma",
	"Parra", "Peña", "Pérez", "Pizarro", "Poblete", "Quispe", "Ramírez", "Ramos", "Reyes", "Riquelme", "Rivera", "Rodríguez", "Rojas", "Romero",
	"Saavedra", "Salazar", "Salinas", "Sanhueza", "Sandoval", "Sánchez", "Sepúlveda", "Silva", "Soto", "Tapia", "Toledo", "Torres", "Valdés",
	"Valenzuela", "Vargas", "Vásquez", "Vega", "Venegas", "Vera", "Vergara", "Vidal", "Villalobos", "Yáñez", "Zamora", "Zapata", "Zúñiga",
}

// streets that most towns have, and those of the communes of the small demo.
var (
	anyStreets = []string{
		"Calle Arturo Prat", "Calle O'Higgins", "Calle Manuel Rodríguez", "Calle Balmaceda", "Calle Esmeralda", "Calle Independencia", "Calle San Martín",
		"Calle Los Carrera", "Av. Libertad", "Av. España", "Pasaje Los Aromos", "Pasaje Las Rosas", "Pasaje El Canelo", "Pasaje Ñuble", "Villa Esperanza, calle 2",
		"Villa Los Jardines, pasaje 4", "Población 11 de Septiembre, calle 1", "Camino El Peumo", "Camino La Capilla", "Callejón Las Higueras",
	}
	townStreets = map[string][]string{
		"05802": {"Av. Palmira Romano", "Av. Eastman", "Av. República", "Calle Concepción", "Calle 12 de Febrero", "Calle Prat", "Los Copihues", "Pasaje Los Aromos",
			"Villa Esperanza", "Camino El Peumo", "Camino Lliu Lliu", "Calle Baquedano", "Av. Urmeneta", "Pasaje Los Maitenes"},
		"06304": {"Calle Los Aromos", "Calle Las Acacias", "Calle Cardenal Caro", "Camino Ranguil", "Camino Nerquihue", "Camino El Membrillo", "Pasaje Los Boldos",
			"Villa Los Olivos", "Camino La Cabaña", "Calle Independencia"},
		"13201": {"Av. Concha y Toro", "Av. Gabriela", "Av. Eyzaguirre", "Av. San Carlos", "Calle Balmaceda", "Calle Santo Domingo", "Calle Clavero", "Pasaje Volcán Llaima",
			"Pasaje Los Toros", "Villa El Labrador, pasaje 7", "Villa San Gerónimo, calle 3", "Av. México", "Av. Nonato Coo", "Pasaje Lago Vichuquén", "Calle Tocornal"},
	}
)

func streetsOf(commune string) []string {
	if list := townStreets[commune]; list != nil {
		return list
	}
	return anyStreets
}

// How common each is, of a hundred or so.
var (
	tramos = []struct{ tramo, n, income int }{ // income: the most that an adult usually earns
		{40, 50, 420_000}, {50, 8, 560_000}, {60, 8, 680_000}, {70, 8, 820_000}, {80, 10, 1_050_000}, {90, 10, 1_700_000}, {100, 6, 3_900_000},
	}
	foreign     = []weight{{"venezolana", 45}, {"peruana", 20}, {"haitiana", 14}, {"colombiana", 12}, {"boliviana", 9}}
	dwellings   = []weight{{"casa", 70}, {"departamento", 17}, {"pieza", 7}, {"mediagua", 6}}
	tenures     = []weight{{"propia pagada", 34}, {"propia pagándose", 14}, {"arrendada con contrato", 18}, {"arrendada sin contrato", 11}, {"cedida por familiar", 18}, {"ocupación irregular", 5}}
	waters      = []weight{{"red pública", 90}, {"pozo", 5}, {"camión aljibe", 5}}
	publicCover = []weight{{"FONASA A", 32}, {"FONASA B", 42}, {"FONASA C", 13}, {"FONASA D", 10}, {"ninguna", 3}}
	betterCover = []weight{{"FONASA B", 15}, {"FONASA C", 22}, {"FONASA D", 35}, {"ISAPRE", 28}}
	womenWork   = []weight{{"trabaja", 42}, {"dueña de casa", 22}, {"independiente", 16}, {"temporera/o", 10}, {"cesante", 10}}
	menWork     = []weight{{"trabaja", 58}, {"independiente", 22}, {"temporera/o", 10}, {"cesante", 10}}
	schooling   = []weight{{"media completa", 34}, {"media incompleta", 18}, {"básica completa", 12}, {"básica incompleta", 10}, {"superior incompleta", 12}, {"superior completa", 14}}
	oldSchool   = []weight{{"básica incompleta", 42}, {"básica completa", 20}, {"media incompleta", 14}, {"media completa", 12}, {"sin educación formal", 6}, {"superior completa", 6}}
)
